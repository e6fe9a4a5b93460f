import { placeAt, type Shape } from "./shape.ts";

/** Numbers that are not as they should be. */
interface OddValues {
  /** Row-major index of the first. */
  readonly at: number;
  /** The first with its place, and how many there are: "-1 at [0, 3], the first of 12 such values". */
  readonly told: string;
}

/** Those of some numbers that are odd; nothing where none is. */
export function oddValues(
  shape: Shape,
  numbers: ArrayLike<number>,
  isOdd: (value: number, at: number) => boolean,
): OddValues | undefined {
  let count = 0;
  let first = -1;
  for (let at = 0; at < numbers.length; at++) {
    if (!isOdd(numbers[at]!, at)) continue;
    if (count === 0) first = at;
    count++;
  }
  if (count === 0) return undefined;
  const more = count === 1 ? "" : `, the first of ${count.toLocaleString("en")} such values`;
  return { at: first, told: `${numbers[first]} at ${placeAt(shape, first)}${more}` };
}
