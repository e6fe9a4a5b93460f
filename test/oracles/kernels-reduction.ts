import type * as reduction from "../../src/compute/kernels/reduction.ts";
import { at, axis, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

/** Sums and counts over the rows of two matrices. */
export const reductionOracles: OraclesOf<typeof reduction> = {
  rowProducts: ({ left, right }) => ({
    sums: tabulate([axis(left, 0)], (r) => sum(axis(left, 1), (c) => at(left, r!, c) * at(right, r!, c))),
  }),
  rowSignAgreements: ({ left, right }) => ({
    counts: tabulate([axis(left, 0)], (r) =>
      sum(axis(left, 1), (c) => Number(Math.sign(at(left, r!, c)) === Math.sign(at(right, r!, c)))),
    ),
  }),
};
