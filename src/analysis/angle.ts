import { DataError, ShapeError } from "../kinds/errors.ts";
import { checkMatrix, largestMagnitude } from "./matrix.ts";

/**
 * Angle between two vectors, as between a learning rule's update and the gradient.
 *
 * With u = a / |a| and v = b / |b| it is 2 atan2(|u - v|, |u + v|), which unlike the arc cosine of u . v stays exact near
 * 0 and 180 degrees. Source: Kahan 2006, How futile are mindless assessments of roundoff.
 *
 * @param a vector; of a matrix of weights, its values in any order
 * @param b vector of the same length, its values in the same order
 * @returns degrees, from 0 to 180
 * @throws ShapeError where the lengths differ or are 0
 * @throws DataError where a vector is zero, for which no angle is defined, or naming a value that is not finite
 */
export function angleDegrees(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new ShapeError(
      `Angle: a has ${a.length} values and b has ${b.length}, expected as many; compare two changes of the same weights`,
    );
  }
  const [u, v] = [unitVector(a, "a"), unitVector(b, "b")];
  let difference = 0;
  let sum = 0;
  for (let index = 0; index < u.length; index++) {
    difference += (u[index]! - v[index]!) ** 2;
    sum += (u[index]! + v[index]!) ** 2;
  }
  return (2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum)) * 180) / Math.PI;
}

function unitVector(values: ArrayLike<number>, name: string): Float64Array {
  checkMatrix({ shape: [1, values.length], data: values }, name);
  // The largest magnitude goes first, so that squares neither overflow nor vanish.
  const largest = largestMagnitude(values);
  if (largest === 0) {
    throw new DataError(
      `Angle: ${name} is zero in all ${values.length} values, expected a vector with a direction; ` +
        "look for an update or gradient that vanished",
    );
  }
  const unit = Float64Array.from(values);
  let squares = 0;
  for (let index = 0; index < unit.length; index++) {
    unit[index]! /= largest;
    squares += unit[index]! ** 2;
  }
  const length = Math.sqrt(squares);
  for (let index = 0; index < unit.length; index++) unit[index]! /= length;
  return unit;
}
