import type * as scaling from "../../src/compute/kernels/scaling.ts";
import { at, elementwise, type OraclesOf, tabulate } from "./kernels-oracle.ts";

/** Kernels that multiply by a number of the plan, or by one for each row. */
export const scalingOracles: OraclesOf<typeof scaling> = {
  addScaled: ({ left, right }, { factor }) => ({ result: elementwise([left, right], (a, b) => a + factor * b) }),
  scale: ({ values }, { factor }) => ({ result: elementwise([values], (value) => factor * value) }),
  leak: ({ previous, rates }, { rate }) => ({
    result: elementwise([previous, rates], (before, now) => (1 - rate) * before + rate * now),
  }),
  scaleRows: ({ values, scales }, { factor }) => ({
    result: tabulate(values.shape, (row, column) => factor * at(scales, row!) * at(values, row!, column!)),
  }),
};
