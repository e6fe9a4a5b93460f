import type * as gain from "../../src/compute/kernels/gain.ts";
import type * as gainError from "../../src/compute/kernels/gain-error.ts";
import type * as threshold from "../../src/compute/kernels/threshold.ts";
import { at, elementwise, type NumberArray, type OraclesOf, tabulate } from "./kernels-oracle.ts";

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

/** Gain functions. */
export const gainOracles: OraclesOf<typeof gain> = {
  relu: map((v) => Math.max(0, v)),
  leakyRelu: ({ values }, { slope }) => ({ result: elementwise([values], (v) => (v < 0 ? slope * v : v)) }),
  alternatingRelu: mapUnits((v, unit) => {
    const silent = unit % 2 === 0 ? v > 0 : v < 0;
    return silent ? 0 : v;
  }),
  tanh: map((v) => Math.tanh(v)),
  sigmoid: map(logistic),
  softplus: map((v) => (v > 30 ? v : Math.log1p(Math.exp(v)))),
};

const errorFrom = (slope: (rate: number) => number) => (inputs: Record<"error" | "rates", NumberArray>) => ({
  result: elementwise([inputs.error, inputs.rates], (error, rate) => {
    const factor = slope(rate!);
    return factor === 0 ? 0 : error! * factor;
  }),
});

/** Errors times the slope of a gain, told by the rate. */
export const gainErrorOracles: OraclesOf<typeof gainError> = {
  reluError: errorFrom((rate) => Number(rate > 0)),
  leakyReluError: (inputs, { slope }) => errorFrom((rate) => (rate > 0 ? 1 : slope))(inputs),
  alternatingReluError: ({ error, drive }) => {
    let next = 0;
    return {
      result: tabulate(drive.shape, (...indices) => {
        const v = drive.values[next]!;
        const passes = indices.at(-1)! % 2 === 0 ? v <= 0 : v >= 0;
        return passes ? error.values[next++]! : 0 * next++;
      }),
    };
  },
  tanhError: ({ error, rates }) => ({
    result: elementwise([error, rates], (e, rate) => e * (1 + rate) * (1 - rate)),
  }),
  sigmoidError: ({ error, rates }) => ({ result: elementwise([error, rates], (e, rate) => e * (rate - rate ** 2)) }),
  softplusError: ({ error, rates }) => ({ result: elementwise([error, rates], (e, rate) => -e * Math.expm1(-rate)) }),
};

/** Rates as binary messages. */
export const thresholdOracles: OraclesOf<typeof threshold> = {
  binarise: ({ rates }, { threshold }) => ({ result: elementwise([rates], (rate) => Number(rate > threshold)) }),
  binariseSlope: ({ rates }, { threshold, sharpness }) => ({
    result: tabulate(rates.shape, (...indices) => (1 + sharpness * Math.abs(at(rates, ...indices) - threshold)) ** -2),
  }),
  keepAbove: ({ values, scores, threshold }) => ({
    result: elementwise([values, scores], (value, score) => (score < at(threshold, 0) ? 0 : value)),
  }),
};
