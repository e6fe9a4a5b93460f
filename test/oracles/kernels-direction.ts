import type * as direction from "../../src/compute/kernels/direction.ts";
import { at, axis, type NumberArray, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

/** The powers of two that keep a magnitude and its reciprocal within float32. */
const shiftOf = (magnitude: number) =>
  2 ** (magnitude > 2 ** 60 ? -64 : magnitude > 0 && magnitude < 2 ** -60 ? 64 : 0);

/** An element times both factors of its vector. */
const scaled = (values: NumberArray, factors: NumberArray, r: number, c: number) =>
  at(values, r, c) * at(factors, 0) * at(factors, 1);

/** Lengths of long vectors and how far they lie apart. */
export const directionOracles: OraclesOf<typeof direction> = {
  rowLargest: ({ values }) => ({
    largest: tabulate([axis(values, 0)], (r) =>
      Math.max(...Array.from({ length: axis(values, 1) }, (_, c) => Math.abs(at(values, r!, c)))),
    ),
  }),
  scaleToOne: ({ largest }) => {
    const magnitude = at(largest, 0);
    const shift = shiftOf(magnitude);
    return { factors: Float64Array.of(shift, magnitude > 0 ? 1 / (shift * magnitude) : 0) };
  },
  rowSquares: ({ values, factors }) => ({
    sums: tabulate([axis(values, 0)], (r) => sum(axis(values, 1), (c) => scaled(values, factors, r!, c) ** 2)),
  }),
  scaleToLength: ({ factors, squares }) => ({
    result: Float64Array.of(at(factors, 0), at(squares, 0) > 0 ? at(factors, 1) / Math.sqrt(at(squares, 0)) : 0),
  }),
  rowDirections: ({ left, right, leftFactors, rightFactors }) => {
    const squares = (sign: number) =>
      tabulate([axis(left, 0)], (r) =>
        sum(axis(left, 1), (c) => (scaled(left, leftFactors, r!, c) + sign * scaled(right, rightFactors, r!, c)) ** 2),
      );
    return { apart: squares(-1), together: squares(1) };
  },
};
