import { exponential, larger, negative, over, plus, times } from "../expression.ts";
import { defineElementwise } from "./elementwise.ts";

/** max(v, 0). */
export const relu = defineElementwise({
  name: "relu",
  family: "gain",
  inputs: ["values"],
  result: ({ values }) => larger(values, 0),
});

/** v where v > 0, else slope v; the slope is above 0 and below 1. */
export const leakyRelu = defineElementwise({
  name: "leaky-relu",
  family: "gain",
  inputs: ["values"],
  constants: ["slope"],
  result: ({ values }, { slope }) => larger(values, times(slope, values)),
});

/** Even units (the last index) pass v <= 0, odd units pass v >= 0; Clark, Abbott & Chung 2021, conventional networks. */
export const alternatingRelu = defineElementwise({
  name: "alternating-relu",
  family: "gain",
  inputs: ["values"],
  operations: 2,
  body: function (values) {
    const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
    const odd = this.thread.x - 2 * Math.floor(this.thread.x / 2);
    const passed = odd > 0.5 ? v : -v;
    return passed < 0 ? 0 : v;
  },
});

/**
 * tanh(v). As (exp(v) - exp(-v)) / (exp(v) + exp(-v)), which devices take it for, small rates would lose their digits and
 * large drives overflow. Between -1 and 1 it is Lambert's continued fraction v / (1 + q / (3 + q / (5 + ...))) with
 * q = v^2, up to 11, which is exact to 1e-9 of the rate; beyond, it is 1 - 2 x / (1 + x) with x = exp(-|v|)^2.
 */
export const tanh = defineElementwise({
  name: "tanh",
  family: "gain",
  inputs: ["values"],
  operations: 14,
  body: function (values) {
    const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
    if (Math.abs(v) < 1) {
      const q = v * v;
      return (v * (10395 + q * (1260 + 21 * q))) / (10395 + q * (4725 + q * (210 + q)));
    }
    const root = Math.exp(-Math.abs(v));
    const x = root * root;
    const magnitude = 1 - (2 * x) / (1 + x);
    return v < 0 ? -magnitude : magnitude;
  },
});

/** 1 / (1 + exp(-v)). */
export const sigmoid = defineElementwise({
  name: "sigmoid",
  family: "gain",
  inputs: ["values"],
  result: ({ values }) => over(1, plus(1, exponential(negative(values)))),
});

/**
 * log(1 + exp(v)), written so that exp cannot overflow and small rates keep their digits: max(v, 0) + log(1 + x) with
 * x = exp(-|v|), which is 2 artanh(x / (2 + x)), by its series.
 */
export const softplus = defineElementwise({
  name: "softplus",
  family: "gain",
  inputs: ["values"],
  operations: 20,
  body: function (values) {
    const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
    const x = Math.exp(-Math.abs(v));
    const s = x / (2 + x);
    const q = s * s;
    const series = 1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13)))));
    return Math.max(v, 0) + 2 * s * series;
  },
});
