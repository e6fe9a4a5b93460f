import { ShapeError } from "../kinds/errors.ts";

/** Sizes of a tensor's dimensions, row-major: the last one varies fastest. Weights are [post, pre] everywhere. */
export type Shape = readonly number[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** "[128, 10, 1024]" */
export function describeShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Indices of the element at a row-major index: "[3, 0, 7]". */
export function placeAt(shape: Shape, index: number): string {
  const indices: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return describeShape(indices);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * Checks that a shape has the given number of dimensions, each a whole number of at least 1.
 *
 * @throws ShapeError naming the kernel, the argument and both shapes
 */
export function expectRank(kernel: string, argument: string, shape: Shape, rank: number): void {
  if (shape.length !== rank)
    throw new ShapeError(`${kernel}: "${argument}" has shape ${describeShape(shape)}, expected ${rank} dimensions`);
}

/** @throws ShapeError naming the kernel, the argument and both shapes */
export function expectShape(kernel: string, argument: string, shape: Shape, expected: Shape): void {
  if (!sameShape(shape, expected))
    throw new ShapeError(
      `${kernel}: "${argument}" has shape ${describeShape(shape)}, expected ${describeShape(expected)}`,
    );
}

/**
 * Checks that an argument is [dimension, period] with a period that divides the units, and gives the period.
 *
 * @throws ShapeError naming the kernel, the argument and both shapes
 */
export function expectPeriodic(
  kernel: string,
  argument: string,
  shape: Shape,
  dimension: number,
  units: number,
): number {
  const period = shape[1]!;
  if (shape.length !== 2 || shape[0] !== dimension || units % period !== 0)
    throw new ShapeError(
      `${kernel}: "${argument}" has shape ${describeShape(shape)}, expected [${dimension}, n] with ${units} a multiple of n`,
    );
  return period;
}

/** @throws ShapeError unless every size is a whole number of at least 1 */
export function expectSizes(owner: string, shape: Shape): void {
  if (shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size >= 1))
    throw new ShapeError(`${owner}: shape ${describeShape(shape)} is not a list of whole numbers of at least 1`);
}
