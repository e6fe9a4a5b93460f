import type * as modulation from "../../src/compute/kernels/modulation.ts";
import { elementwise, type OraclesOf } from "./kernels-oracle.ts";

/** Signals that turn rates down, and inhibition of return. */
export const modulationOracles: OraclesOf<typeof modulation> = {
  modulate: ({ rates, signal }, { strength }) => ({
    result: elementwise([rates, signal], (rate, s) => (1 - strength * s) * rate),
  }),
  modulationSlope: ({ error, rates }, { strength }) => ({
    result: elementwise([error, rates], (e, rate) => -e * (strength * rate)),
  }),
  inhibitReturn: ({ rates, inhibition }) => ({
    result: elementwise([rates, inhibition], (rate, r) => r + rate * (1 - r)),
  }),
  markAttended: ({ inhibition, signal }, { threshold }) => ({
    result: elementwise([inhibition, signal], (r, s) => Number(r + Number(s < threshold) > 0.5)),
  }),
};
