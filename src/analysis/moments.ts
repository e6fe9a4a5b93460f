// The build of mathjs for plain numbers has the same functions and loads in half the time of the whole.
import * as mathjs from "mathjs/number";
import { DataError } from "../compute/errors.ts";

/**
 * Arithmetic mean.
 *
 * @param values at least one finite number, in any unit
 * @throws DataError where there are none, or naming the first that is not finite
 */
export function mean(values: ArrayLike<number>): number {
  return mathjs.mean(finite(values, "Mean"));
}

/**
 * Standard deviation of a sample, with n - 1 in the denominator: the bars of "mean +- 1 SD over seeds".
 *
 * @param values at least one finite number, in any unit
 * @returns in the unit of the values; 0 for a single value, so that a figure of one seed has bars of no length
 * @throws DataError where there are no values, or naming the first that is not finite
 */
export function standardDeviation(values: ArrayLike<number>): number {
  // Called with the values alone, mathjs returns a number; its declared type covers matrices too.
  return Number(mathjs.std(finite(values, "Standard deviation")));
}

function finite(values: ArrayLike<number>, statistic: string): number[] {
  const numbers = Array.from(values);
  if (numbers.length === 0) {
    throw new DataError(`${statistic}: there are 0 values, expected at least 1; check what was selected`);
  }
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new DataError(
      `${statistic}: value ${wrong} is ${numbers[wrong]}, expected finite numbers; look for what made it upstream`,
    );
  }
  return numbers;
}
