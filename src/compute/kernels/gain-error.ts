import { above, choice, minus, plus, times } from "../expression.ts";
import { defineElementwise } from "./elementwise.ts";

// Kernels that carry an error at the rates of a population to its drive: result = error times the slope of the gain. Where the
// rate tells the slope it is taken from there, so that nothing is computed a second time and a neuron needs to know
// nothing but its rate.

/** error where rate > 0, else 0. */
export const reluError = defineElementwise({
  name: "relu-error",
  family: "error",
  inputs: ["error", "rates"],
  result: ({ error, rates }) => choice(above(rates, 0), error, 0),
});

/** error where rate > 0, else slope error. */
export const leakyReluError = defineElementwise({
  name: "leaky-relu-error",
  family: "error",
  inputs: ["error", "rates"],
  constants: ["slope"],
  result: ({ error, rates }, { slope }) => choice(above(rates, 0), error, times(slope, error)),
});

/**
 * error where the unit passes its drive, else 0; see alternatingRelu. From the drive: a drive of exactly 0, as from stimuli
 * that are black there, passes, and its rate looks like that of a silent unit.
 */
export const alternatingReluError = defineElementwise({
  name: "alternating-relu-error",
  family: "error",
  inputs: ["error", "drive"],
  operations: 2,
  body: function (error, drive) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    const odd = this.thread.x - 2 * Math.floor(this.thread.x / 2);
    const passed = odd > 0.5 ? drive[i]! : -drive[i]!;
    return passed >= 0 ? error[i]! : 0;
  },
});

/** error (1 - rate^2): the slope of tanh, as (1 - rate) (1 + rate), which keeps its digits near rates of 1 and -1. */
export const tanhError = defineElementwise({
  name: "tanh-error",
  family: "error",
  inputs: ["error", "rates"],
  result: ({ error, rates }) => times(error, times(minus(1, rates), plus(1, rates))),
});

/** error rate (1 - rate): the slope of the sigmoid. */
export const sigmoidError = defineElementwise({
  name: "sigmoid-error",
  family: "error",
  inputs: ["error", "rates"],
  result: ({ error, rates }) => times(times(error, rates), minus(1, rates)),
});

/** error (1 - exp(-rate)): the slope of softplus; of small rates by its series, which keeps their digits. */
export const softplusError = defineElementwise({
  name: "softplus-error",
  family: "error",
  inputs: ["error", "rates"],
  operations: 20,
  body: function (error, rates) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    const r = rates[i]!;
    const series = 1 - (r / 2) * (1 - (r / 3) * (1 - (r / 4) * (1 - (r / 5) * (1 - (r / 6) * (1 - r / 7)))));
    const slope = Math.abs(r) < 0.35 ? r * series : 1 - Math.exp(-r);
    return error[i]! * slope;
  },
});
