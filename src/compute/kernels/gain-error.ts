import { defineKernel, type Kernel, type KernelBody, type KernelThread, type KernelValues } from "../kernel.ts";
import type { Shape } from "../shape.ts";
import { inferElementwise } from "./elementwise.ts";
import type { LeakyAttributes } from "./gain.ts";

type Columns = KernelThread<"columns">;

/**
 * A kernel that carries an error at the rates of a population to its drive: result = error times the slope of the gain.
 * Where the rate tells the slope it is taken from there, so that nothing is computed a second time and a neuron needs to
 * know nothing but its rate.
 */
function defineGainError<At extends "rates" | "drive">(
  name: string,
  operations: number,
  at: At,
  body: KernelBody,
): Kernel<"error" | At, "result", object> {
  return defineKernel({
    name,
    family: "error",
    inputs: ["error", at],
    launch: "flat",
    inPlace: { result: "error" },
    outputs: { result: { reads: ["error", at], body } },
    infer: (shapes: Readonly<Record<"error" | At, Shape>>) => inferElementwise(name, operations, shapes),
  });
}

/** error where rate > 0, else 0. */
export const reluError = defineGainError(
  "relu-error",
  1,
  "rates",
  function (this: Columns, error: KernelValues, rates: KernelValues) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    return rates[i]! > 0 ? error[i]! : 0;
  },
);

/** error where rate > 0, else slope error. */
export const leakyReluError = defineKernel<"error" | "rates", "result", LeakyAttributes>({
  name: "leaky-relu-error",
  family: "error",
  inputs: ["error", "rates"],
  launch: "flat",
  inPlace: { result: "error" },
  outputs: {
    result: {
      reads: ["error", "rates"],
      body: function (this: KernelThread<"columns" | "slope">, error: KernelValues, rates: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return rates[i]! > 0 ? error[i]! : this.constants.slope * error[i]!;
      },
    },
  },
  infer: (shapes, { slope }) => inferElementwise("leaky-relu-error", 2, shapes, { slope }),
});

/**
 * error where the unit passes its drive, else 0; see alternatingRelu. From the drive: a drive of exactly 0, as from stimuli
 * that are black there, passes, and its rate looks like that of a silent unit.
 */
export const alternatingReluError = defineGainError(
  "alternating-relu-error",
  2,
  "drive",
  function (this: Columns, error: KernelValues, drive: KernelValues) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    const odd = this.thread.x - 2 * Math.floor(this.thread.x / 2);
    const passed = odd > 0.5 ? drive[i]! : -drive[i]!;
    return passed >= 0 ? error[i]! : 0;
  },
);

/** error (1 - rate^2): the slope of tanh, as (1 - rate) (1 + rate), which keeps its digits near rates of 1 and -1. */
export const tanhError = defineGainError(
  "tanh-error",
  4,
  "rates",
  function (this: Columns, error: KernelValues, rates: KernelValues) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    return error[i]! * ((1 - rates[i]!) * (1 + rates[i]!));
  },
);

/** error rate (1 - rate): the slope of the sigmoid. */
export const sigmoidError = defineGainError(
  "sigmoid-error",
  3,
  "rates",
  function (this: Columns, error: KernelValues, rates: KernelValues) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    return error[i]! * rates[i]! * (1 - rates[i]!);
  },
);

/** error (1 - exp(-rate)): the slope of softplus; of small rates by its series, which keeps their digits. */
export const softplusError = defineGainError(
  "softplus-error",
  20,
  "rates",
  function (this: Columns, error: KernelValues, rates: KernelValues) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    const r = rates[i]!;
    const series = 1 - (r / 2) * (1 - (r / 3) * (1 - (r / 4) * (1 - (r / 5) * (1 - (r / 6) * (1 - r / 7)))));
    const slope = Math.abs(r) < 0.35 ? r * series : 1 - Math.exp(-r);
    return error[i]! * slope;
  },
);
