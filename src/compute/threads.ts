import { UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import { platform } from "../platform/node.ts";

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
 * More threads than that only wait for one another: with thousands a session takes minutes to start. On a machine of
 * any size it can be as many, so that a run can be repeated elsewhere to the bit.
 */
const mostThreads = 64;

/**
 * How many threads each product session computes with; undefined: as many as the provider chooses, one a core. By it several
 * processes on one machine can each take their share of the cores. Products are divided among threads, which decides the
 * order of some sums: results of different numbers agree within float32 tolerance, those of the same number to the bit.
 *
 * @param cores of this machine
 * @throws UsageError where the variable is no whole number from 1 to 64, or to the number of cores where that is larger
 */
export function contractionThreads(cores: number): number | undefined {
  const text = platform.environment(threadsVariable);
  if (text === undefined || text === "") return undefined;
  const most = Math.max(mostThreads, cores);
  const threads = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (threads <= most) return threads;
  throw new UsageError(
    `${threadsVariable}: got ${shown(text)}, expected a whole number from 1 to ${most}; without it each of the ${cores} cores has a thread`,
  );
}
