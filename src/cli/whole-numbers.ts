import { UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/** Numbers that a range may name: a slip of the hand such as 0..1e9 is no list. */
const longestRange = 1_000_000;

/**
 * Whole numbers as words of the command line: "3", "0,2,5", "0..4", "0..4,7".
 *
 * @param what what the numbers are of, for messages: "--trials"
 * @throws UsageError where the text is something else
 */
export function wholeNumbers(what: string, text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || !Number.isSafeInteger(to) || to < from || to - from >= longestRange)
      throw new UsageError(`${what}: got ${shown(text)}, expected whole numbers from 0 on, such as 0,2,5 or 0..4`);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
