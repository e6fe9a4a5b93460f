import { defineKernel, type Kernel, type KernelBody, type KernelThread, type KernelValues } from "../kernel.ts";
import type { Shape } from "../shape.ts";
import { inferElementwise } from "./elementwise.ts";

type Columns = KernelThread<"columns">;

/** A kernel that maps every element of a drive alone. */
function defineGain(name: string, operations: number, body: KernelBody): Kernel<"values", "result", object> {
  return defineKernel({
    name,
    family: "gain",
    inputs: ["values"],
    launch: "flat",
    inPlace: { result: "values" },
    outputs: { result: { reads: ["values"], body } },
    infer: (shapes: Readonly<Record<"values", Shape>>) => inferElementwise(name, operations, shapes),
  });
}

/** max(v, 0). */
export const relu = defineGain("relu", 1, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  return Math.max(v, 0);
});

/** How steep a leaky gain is below 0: above 0 and below 1. */
export interface LeakyAttributes {
  readonly slope: number;
}

/** v where v > 0, else slope v. */
export const leakyRelu = defineKernel<"values", "result", LeakyAttributes>({
  name: "leaky-relu",
  family: "gain",
  inputs: ["values"],
  launch: "flat",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values"],
      body: function (this: KernelThread<"columns" | "slope">, values: KernelValues) {
        const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
        return Math.max(v, this.constants.slope * v);
      },
    },
  },
  infer: (shapes, { slope }) => inferElementwise("leaky-relu", 2, shapes, { slope }),
});

/** Even units (the last index) pass v <= 0, odd units pass v >= 0; Clark, Abbott & Chung 2021, conventional networks. */
export const alternatingRelu = defineGain("alternating-relu", 2, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  const odd = this.thread.x - 2 * Math.floor(this.thread.x / 2);
  const passed = odd > 0.5 ? v : -v;
  return passed < 0 ? 0 : v;
});

/**
 * tanh(v). As (exp(v) - exp(-v)) / (exp(v) + exp(-v)), which devices take it for, small rates would lose their digits and
 * large drives overflow. Between -1 and 1 it is Lambert's continued fraction v / (1 + q / (3 + q / (5 + ...))) with
 * q = v^2, up to 11, which is exact to 1e-9 of the rate; beyond, it is 1 - 2 x / (1 + x) with x = exp(-|v|)^2.
 */
export const tanh = defineGain("tanh", 14, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  if (Math.abs(v) < 1) {
    const q = v * v;
    return (v * (10395 + q * (1260 + 21 * q))) / (10395 + q * (4725 + q * (210 + q)));
  }
  const root = Math.exp(-Math.abs(v));
  const x = root * root;
  const magnitude = 1 - (2 * x) / (1 + x);
  return v < 0 ? -magnitude : magnitude;
});

/** 1 / (1 + exp(-v)). */
export const sigmoid = defineGain("sigmoid", 3, function (this: Columns, values: KernelValues) {
  return 1 / (1 + Math.exp(-values[this.thread.y * this.constants.columns + this.thread.x]!));
});

/**
 * log(1 + exp(v)), written so that exp cannot overflow and small rates keep their digits: max(v, 0) + log(1 + x) with
 * x = exp(-|v|), which is 2 artanh(x / (2 + x)), by its series.
 */
export const softplus = defineGain("softplus", 20, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  const x = Math.exp(-Math.abs(v));
  const s = x / (2 + x);
  const q = s * s;
  const series = 1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13)))));
  return Math.max(v, 0) + 2 * s * series;
});
