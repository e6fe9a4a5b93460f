import { DataError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import { binaryUnit } from "./matrix.ts";

/**
 * Arithmetic mean.
 *
 * It is the first value and the mean difference from it, so that equal values have exactly themselves as their mean; sums
 * neither overflow nor vanish, in whatever unit the values are.
 *
 * @param values at least one finite number, in any unit
 * @returns in the unit of the values, never beyond the largest or smallest of them
 * @throws DataError where there are none, or naming the first that is not finite
 */
export function mean(values: ArrayLike<number>): number {
  const { differences, first, scale } = differencesOf(values, "Mean");
  const centre = scale * (first + average(differences));
  return Math.min(extreme(values, Math.max), Math.max(extreme(values, Math.min), centre));
}

/**
 * Standard deviation of a sample, with n - 1 in the denominator: the bars of "mean +- 1 SD over seeds".
 *
 * Squared are the differences from the mean of differences from the first value (two passes), so that an offset that all
 * values share costs no digits and equal values give exactly 0.
 *
 * @param values at least one finite number, in any unit
 * @returns in the unit of the values; 0 for a single value, so that a figure of one seed has bars of no length
 * @throws DataError where there are no values, or naming the first that is not finite
 */
export function standardDeviation(values: ArrayLike<number>): number {
  const { differences, scale } = differencesOf(values, "Standard deviation");
  if (differences.length === 1) return 0;
  const centre = average(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - centre) ** 2, 0);
  return scale * Math.sqrt(squares / (differences.length - 1));
}

/**
 * Lets numbers pass only if there is one at least and all are finite.
 *
 * @param owner what the message begins with
 * @throws DataError where there are none, or naming the first that is not finite
 */
export function checkFinite(values: ArrayLike<number>, owner: string): void {
  if (values.length === 0)
    throw new DataError(`${owner}: there are 0 values, expected at least 1; check what was selected`);
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index])) continue;
    throw new DataError(
      `${owner}: value ${index} is ${shown(values[index])}, expected finite numbers; look for what made it upstream`,
    );
  }
}

/** Differences from the first value and that value, all divided by one power of two, which costs no digit. */
function differencesOf(
  values: ArrayLike<number>,
  statistic: string,
): { differences: Float64Array; first: number; scale: number } {
  checkFinite(values, statistic);
  const scale = binaryUnit(values);
  const first = values[0]! / scale;
  return { differences: Float64Array.from(values, (value) => value / scale - first), first, scale };
}

const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function extreme(values: ArrayLike<number>, of: (a: number, b: number) => number): number {
  let found = values[0]!;
  for (let index = 1; index < values.length; index++) found = of(found, values[index]!);
  return found;
}
