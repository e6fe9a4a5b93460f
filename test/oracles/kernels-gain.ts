import type * as gain from "../../src/compute/kernels/gain.ts";
import { elementwise, type NumberArray, type OraclesOf, tabulate } from "./kernels-oracle.ts";

const map = (value: (v: number) => number) => (inputs: { readonly values: NumberArray }) => ({
  result: elementwise([inputs.values], value),
});

/** For gains that depend on the unit: the last index. */
const mapUnits = (value: (v: number, unit: number) => number) => (inputs: { readonly values: NumberArray }) => {
  let next = 0;
  return {
    result: tabulate(inputs.values.shape, (...indices) => value(inputs.values.values[next++]!, indices.at(-1)!)),
  };
};

const logistic = (v: number) => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v)));

/** Gain functions and their slopes; every slope is that of the gain before it. */
export const gainOracles: OraclesOf<typeof gain> = {
  relu: map((v) => Math.max(0, v)),
  reluSlope: map((v) => Number(v > 0)),
  alternatingRelu: mapUnits((v, unit) => {
    const silent = unit % 2 === 0 ? v > 0 : v < 0;
    return silent ? 0 : v;
  }),
  alternatingReluSlope: mapUnits((v, unit) => Number(unit % 2 === 0 ? v <= 0 : v >= 0)),
  tanh: map((v) => Math.tanh(v)),
  tanhSlope: map((v) => 1 / Math.cosh(v) ** 2),
  sigmoid: map(logistic),
  sigmoidSlope: map((v) => logistic(v) * logistic(-v)),
  softplus: map((v) => (v > 30 ? v : Math.log1p(Math.exp(v)))),
  softplusSlope: map(logistic),
};
