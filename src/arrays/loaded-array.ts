import { firstNotFinite } from "../compute/value-range.ts";
import { DataError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/** An array with its shape, from a file or from a program. */
export interface LoadedArray {
  /** Lengths of the axes, the last one contiguous (C order). */
  readonly shape: readonly number[];
  /** As many as the product of the shape; texts where `type` is "text". */
  readonly values: ArrayLike<number> | readonly string[];
  /** What the elements were before they were read: "float64", "int32", "bool", "text". */
  readonly type: string;
}

/** An array of texts. */
export interface TextArray extends LoadedArray {
  readonly values: readonly string[];
}

export const isText = (array: LoadedArray): array is TextArray => array.type === "text";

/** A shape as NumPy writes it: "[60000, 784]". */
export const shapeInWords = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Whole numbers up to here are the same in float32. */
const exactTo = 2 ** 24;

/**
 * The values in float32, as circuits compute: numbers with a fraction are rounded to the nearest one.
 *
 * @param where what messages call the array
 * @param axes what its axes count, in the singular: "trial", "step", "unit"
 * @throws DataError naming the first place of a value that is not finite, too large for float32, or a whole number of an
 *   integer type that float32 does not hold
 */
export function inSingle(where: string, array: LoadedArray, axes: readonly string[]): Float32Array {
  if (isText(array)) {
    throw new DataError(`${where} holds text such as ${shown(array.values[0])}; give numbers`);
  }
  const values = array.values as ArrayLike<number>;
  const singles = values instanceof Float32Array ? values : Float32Array.from(values);
  const wrong = firstNotFinite(singles);
  if (wrong >= 0) {
    const value = values[wrong]!;
    const fault = Number.isFinite(value)
      ? "which float32 cannot hold; scale the values"
      : "expected finite numbers; look for a missing value or a division by zero in what made them";
    throw new DataError(`${where}: ${placeOf(wrong, array.shape, axes)} is ${value}, ${fault}`);
  }
  if (/^u?int(32|64)$/.test(array.type)) {
    for (let at = 0; at < values.length; at++) {
      if (Math.abs(values[at]!) > exactTo && singles[at] !== values[at]) {
        throw new DataError(
          `${where}: ${placeOf(at, array.shape, axes)} is ${values[at]}, and float32 holds whole numbers up to ` +
            `${exactTo.toLocaleString("en")} exactly; subtract an offset, or give the values as float64 to have them rounded`,
        );
      }
    }
  }
  return singles;
}

/** "trial 17, step 2, unit 3": the place of an element, counted from 0 as NumPy does. */
export function placeOf(at: number, shape: readonly number[], axes: readonly string[]): string {
  let rest = at;
  const places = shape.map((_, axis) => {
    const stride = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    const place = Math.floor(rest / stride);
    rest -= place * stride;
    return `${axes[axis] ?? `axis ${axis}`} ${place}`;
  });
  return places.join(", ");
}
