import type * as gate from "../../src/compute/kernels/gate.ts";
import { at, axis, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

/** Gates of vector units, and how an error vector reaches them. */
export const gateOracles: OraclesOf<typeof gate> = {
  vectorGateMask: ({ drive, gatingVectors }) => ({
    mask: tabulate([axis(drive, 0), axis(drive, 2)], (b, n) =>
      Number(sum(axis(drive, 1), (k) => at(gatingVectors, k, n! % axis(gatingVectors, 1)) * at(drive, b!, k, n!)) >= 0),
    ),
  }),
  applyGate: ({ values, mask }) => ({
    result: tabulate(values.shape, (b, k, n) => at(values, b!, k!, n!) * at(mask, b!, n!)),
  }),
  spreadVector: ({ vector, scale }) => ({
    result: tabulate(
      [axis(vector, 0), axis(vector, 1), axis(scale, 1)],
      (b, k, n) => at(vector, b!, k!) * at(scale, b!, n!),
    ),
  }),
  projectOnVector: ({ rates, vector }) => ({
    result: tabulate([axis(rates, 0), axis(rates, 2)], (b, n) =>
      sum(axis(rates, 1), (k) => at(rates, b!, k, n!) * at(vector, b!, k)),
    ),
  }),
};
