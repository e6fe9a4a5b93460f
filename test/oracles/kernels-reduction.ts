import type * as reduction from "../../src/compute/kernels/reduction.ts";
import { at, axis, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

/** Sums and counts over rows. */
export const reductionOracles: OraclesOf<typeof reduction> = {
  rowProducts: ({ left, right }) => ({
    sums: tabulate([axis(left, 0)], (r) => sum(axis(left, 1), (c) => at(left, r!, c) * at(right, r!, c))),
  }),
  sumPositions: ({ values }) => ({
    sums: tabulate([axis(values, 0), axis(values, 2)], (r, c) => sum(axis(values, 1), (p) => at(values, r!, p, c!))),
  }),
  rowSignAgreements: ({ left, right }) => ({
    counts: tabulate([axis(left, 0)], (r) =>
      sum(axis(left, 1), (c) => Number(Math.sign(at(left, r!, c)) === Math.sign(at(right, r!, c)))),
    ),
  }),
};
