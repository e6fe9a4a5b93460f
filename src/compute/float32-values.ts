import { DataError } from "../kinds/errors.ts";
import { largestSingle } from "../kinds/single-precision.ts";
import { oddValues } from "./odd-values.ts";
import type { Shape } from "./shape.ts";

/**
 * Numbers of a file as 32-bit floats.
 *
 * @param where what messages call the numbers: `w.npz: parameter "v1/bias"`
 * @returns the same array where it holds 32-bit floats already
 * @throws DataError naming the first number that is not finite or that 32 bits do not hold, its place, and how many
 *   there are
 */
export function float32Values(where: string, shape: Shape, numbers: ArrayLike<number>): Float32Array {
  const values = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  const odd = oddValues(shape, numbers, (_, at) => !Number.isFinite(values[at]));
  if (!odd) return values;
  throw new DataError(
    `${where} holds ${odd.told}; allowed: finite numbers up to ${largestSingle.toPrecision(2)} in size, which 32-bit floats hold; look at how the file was made`,
  );
}
