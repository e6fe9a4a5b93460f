import type * as contraction from "../../src/compute/kernels/contraction.ts";
import { at, axis, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

/** The three matrix products. */
export const contractionOracles: OraclesOf<typeof contraction> = {
  multiplyMatrices: ({ left, right }) => ({
    product: tabulate([axis(left, 0), axis(right, 1)], (row, column) =>
      sum(axis(left, 1), (i) => at(left, row, i) * at(right, i, column)),
    ),
  }),
  multiplyByTranspose: ({ left, right }) => ({
    product: tabulate([axis(left, 0), axis(right, 0)], (row, column) =>
      sum(axis(left, 1), (i) => at(left, row, i) * at(right, column, i)),
    ),
  }),
  multiplyTransposed: ({ left, right }) => ({
    product: tabulate([axis(left, 1), axis(right, 1)], (row, column) =>
      sum(axis(left, 0), (i) => at(left, i, row) * at(right, i, column)),
    ),
  }),
};
