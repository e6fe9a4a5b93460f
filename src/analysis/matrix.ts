import { DataError, ShapeError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/** A matrix of numbers, row-major. In recordings a row is a sample (a stimulus) and a column a unit. */
export interface Matrix {
  /** [rows, columns]. */
  readonly shape: readonly [number, number];
  readonly data: ArrayLike<number>;
}

/**
 * Lets a matrix pass only if its numbers are finite and fill its shape.
 *
 * @throws ShapeError where the number of values is not rows x columns, or either is no whole number from 1 on
 * @throws DataError naming row and column of the first value that is not finite
 */
export function checkMatrix({ shape: [rows, columns], data }: Matrix, name: string): void {
  const whole = Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0;
  if (!whole || data.length !== rows * columns) {
    throw new ShapeError(
      `Matrix ${name} has ${data.length} values for its shape [${rows}, ${columns}], expected rows x columns and at ` +
        "least one of each; check the shape",
    );
  }
  for (let index = 0; index < data.length; index++) {
    if (Number.isFinite(data[index])) continue;
    throw new DataError(
      `Matrix ${name}: row ${Math.floor(index / columns)}, column ${index % columns} is ${shown(data[index])}, expected finite ` +
        "numbers; look for what made it upstream",
    );
  }
}

/** The largest magnitude among numbers, 0 where there are none. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, Math.abs(values[index]!));
  return largest;
}

/**
 * A unit for numbers whose squares are summed: the power of two at or next to their largest magnitude, 1 where all are 0. A
 * quotient by it costs no digits, and squares of quotients neither overflow nor vanish.
 */
export function binaryUnit(values: ArrayLike<number>): number {
  const largest = largestMagnitude(values);
  return largest === 0 ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
}

/**
 * A matrix without the mean of each column, divided by one number for all so that squares neither overflow nor vanish.
 *
 * The first row is taken away before the mean: a column whose values are all equal becomes exactly 0, which a mean with
 * its rounding error would not give.
 *
 * @returns float64 values of the matrix's shape; all 0 if and only if all rows are equal
 */
export function centreColumns({ shape: [rows, columns], data }: Matrix): Float64Array {
  const centred = Float64Array.from(data);
  scaleToOne(centred);
  const first = centred.slice(0, columns);
  const means = new Float64Array(columns);
  for (let index = 0; index < centred.length; index++) {
    const column = index % columns;
    centred[index]! -= first[column]!;
    means[column]! += centred[index]! / rows;
  }
  for (let index = 0; index < centred.length; index++) centred[index]! -= means[index % columns]!;
  scaleToOne(centred);
  return centred;
}

function scaleToOne(values: Float64Array): void {
  const largest = largestMagnitude(values);
  if (largest === 0) return;
  // A quotient, since the reciprocal of a subnormal number overflows.
  for (let index = 0; index < values.length; index++) values[index]! /= largest;
}

/**
 * The squared Frobenius norm of left^T right: sum over columns a, b of (sum_i left[i, a] right[i, b])^2. The product
 * itself, of leftColumns x rightColumns values, is never stored.
 *
 * @param left float64, [rows, leftColumns]
 * @param right float64, [rows, rightColumns]
 */
export function squaredNormOfProduct(left: Float64Array, right: Float64Array, rows: number): number {
  const leftColumns = left.length / rows;
  const rightColumns = right.length / rows;
  const products = new Float64Array(rightColumns);
  let total = 0;
  for (let a = 0; a < leftColumns; a++) {
    products.fill(0);
    for (let row = 0; row < rows; row++) {
      const factor = left[row * leftColumns + a]!;
      for (let b = 0; b < rightColumns; b++) products[b]! += factor * right[row * rightColumns + b]!;
    }
    for (let b = 0; b < rightColumns; b++) total += products[b]! ** 2;
  }
  return total;
}
