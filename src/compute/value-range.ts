import { DataError } from "../kinds/errors.ts";

/** The values that an input of a plan takes: numbers that are finite, or whole numbers from 0 to `below` - 1. */
export type ValueRange = "finite" | { readonly below: number };

/**
 * Lets values pass only if all are in range: one NaN would spread to every weight.
 *
 * @param what names the values in the message
 * @throws DataError naming the first value that is not, by its index
 */
export function checkRange(what: string, values: Float32Array, range: ValueRange): void {
  const wrong = range === "finite" ? firstNotFinite(values) : firstNotBelow(values, range.below);
  if (wrong < 0) return;
  const expected = range === "finite" ? "finite numbers" : `whole numbers from 0 to ${range.below - 1}`;
  throw new DataError(`${what}: value ${wrong} is ${values[wrong]}, expected ${expected}`);
}

/** Index of the first value that is NaN or infinite; -1 where all are finite. */
export function firstNotFinite(values: Float32Array): number {
  // 0 times a number is 0, and NaN where it is not finite: a sum without branches costs a fifth of a search.
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += 0 * values[index]!;
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

function firstNotBelow(values: Float32Array, limit: number): number {
  return values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < limit));
}
