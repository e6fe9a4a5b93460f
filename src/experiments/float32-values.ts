import { DataError } from "../compute/errors.ts";
import { placeAt, type Shape } from "../compute/shape.ts";

/** Largest float32. */
const largest = 3.4028234663852886e38;

/**
 * Numbers of a file as 32-bit floats.
 *
 * @param where what messages call the numbers: `w.npz: parameter "v1/bias"`
 * @returns the same array where it holds 32-bit floats already
 * @throws DataError naming the first number that is not finite or that 32 bits do not hold, its place, and how many there are
 */
export function float32Values(where: string, shape: Shape, numbers: ArrayLike<number>): Float32Array {
  const values = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  const first = values.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return values;
  const count = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  const more = count === 1 ? "" : `, the first of ${count.toLocaleString("en")} such values`;
  throw new DataError(
    `${where} holds ${numbers[first]} at ${placeAt(shape, first)}${more}; allowed: finite numbers up to ${largest.toPrecision(2)} in size, which 32-bit floats hold; look at how the file was made`,
  );
}
