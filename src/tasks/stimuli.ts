import { firstNotFinite } from "../compute/value-range.ts";
import { DataError } from "../kinds/errors.ts";

/** The rate of an input unit for each grey or colour level, [256]: (byte / 255 - mean) / deviation. */
export const ratesOfLevels = (mean: number, deviation: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / deviation);

const levels = ratesOfLevels(0.5, 0.5);

/**
 * The rate that an input unit takes for a pixel: (byte / 255 - 0.5) / 0.5 in float32, from -1 (black) to 1 (white).
 *
 * @param byte grey or colour level, an integer from 0 to 255
 */
export function standardise(byte: number): number {
  return levels[byte]!;
}

/**
 * Writes pixels [from, from + count) as rates of input units, from place `to` on: a batch holds hundreds of thousands.
 *
 * @param pixels grey or colour levels, integers from 0 to 255
 * @param table rate of each level; default as `standardise` has it
 */
export function standardiseRun(
  { pixels, from, count }: { readonly pixels: ArrayLike<number>; readonly from: number; readonly count: number },
  target: Float32Array,
  to: number,
  table = levels,
): void {
  // Four at a time: the loop itself takes as long as looking a level up.
  const whole = count - (count % 4);
  for (let index = 0; index < whole; index += 4) {
    target[to + index] = table[pixels[from + index]!]!;
    target[to + index + 1] = table[pixels[from + index + 1]!]!;
    target[to + index + 2] = table[pixels[from + index + 2]!]!;
    target[to + index + 3] = table[pixels[from + index + 3]!]!;
  }
  for (let index = whole; index < count; index++) target[to + index] = table[pixels[from + index]!]!;
}

/**
 * Lets a user's stimuli pass only if every number is finite and, where a shape is given, their length fits it.
 *
 * @param values the stimuli, row-major
 * @param name what messages call them
 * @param shape the shape they must fill, such as [batch, units]; absent: any length
 * @throws DataError naming the first value that is not finite, or both lengths
 */
export function checkStimuli(values: Float32Array, name: string, shape?: readonly number[]): void {
  if (shape !== undefined) {
    const expected = shape.reduce((product, length) => product * length, 1);
    if (values.length !== expected) {
      throw new DataError(
        `Stimuli ${name} hold ${values.length} values, expected ${expected} (${shape.join(" x ")}); ` +
          "give one value per stimulus and input unit",
      );
    }
  }
  const wrong = firstNotFinite(values);
  if (wrong >= 0) {
    throw new DataError(
      `Stimuli ${name}: value ${wrong} is ${values[wrong]}, expected finite numbers; look for a division by zero or ` +
        "a missing value in what made them",
    );
  }
}
