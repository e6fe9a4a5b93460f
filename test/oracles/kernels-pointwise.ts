import type * as pointwise from "../../src/compute/kernels/pointwise.ts";
import { at, axis, elementwise, type OraclesOf, tabulate } from "./kernels-oracle.ts";

/** Kernels that combine tensors element by element. */
export const pointwiseOracles: OraclesOf<typeof pointwise> = {
  add: ({ left, right }) => ({ result: elementwise([left, right], (a, b) => a + b) }),
  subtract: ({ left, right }) => ({ result: elementwise([left, right], (a, b) => a - b) }),
  multiply: ({ left, right }) => ({ result: elementwise([left, right], (a, b) => a * b) }),
  addBias: ({ drive, bias }) => ({
    result: tabulate(drive.shape, (b, k, n) => at(drive, b!, k!, n!) + at(bias, k!, n! % axis(bias, 1))),
  }),
  ones: (_inputs, { shape }) => ({ result: tabulate(shape, () => 1) }),
};
