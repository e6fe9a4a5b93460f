import { UsageError } from "./errors.ts";
import { shown } from "./shown.ts";

let shared = false;

/** Says that other processes compute beside this one, so that threads which wait had better sleep than spin. */
export function shareCores(): void {
  shared = true;
}

/** Whether other processes compute beside this one, as far as it was told. */
export const coresAreShared = (): boolean => shared;

/** The environment variable that says how many threads a contraction provider computes with. */
const threadsVariable = "SULCUS_THREADS";

/**
 * How many threads each product session computes with; undefined: as many as the provider chooses, one a core. By it several
 * processes on one machine can each take their share of the cores. Products are divided among threads, which decides the
 * order of some sums: results of different numbers agree within float32 tolerance, those of the same number to the bit.
 *
 * @throws UsageError where the variable is no whole number of at least 1
 */
export function contractionThreads(): number | undefined {
  const text = process.env[threadsVariable];
  if (text === undefined || text === "") return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(
    `${threadsVariable}: got ${shown(text)}, expected a whole number from 1 to 9999; without it every core has a thread`,
  );
}
