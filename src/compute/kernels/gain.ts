import { defineKernel, type Kernel, type KernelBody, type KernelThread, type KernelValues } from "../kernel.ts";
import { type Shape, sizeOf } from "../shape.ts";

type Columns = KernelThread<"columns">;

/** A kernel that maps every element of [batch, dimension, units] alone; flops counts transcendental functions as 1. */
function defineElementwise(name: string, operations: number, body: KernelBody): Kernel<"values", "result", object> {
  return defineKernel({
    name,
    family: "gain",
    inputs: ["values"],
    launch: "flat",
    inPlace: { result: "values" },
    outputs: { result: { reads: ["values"], body } },
    infer: ({ values }: Readonly<Record<"values", Shape>>) => ({
      shapes: { result: values },
      constants: {},
      flops: operations * sizeOf(values),
    }),
  });
}

/** max(v, 0). */
export const relu = defineElementwise("relu", 1, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  return Math.max(v, 0);
});

/** Slope of relu from the drive: 1 where v > 0, else 0. */
export const reluSlope = defineElementwise("relu-slope", 1, function (this: Columns, values: KernelValues) {
  return values[this.thread.y * this.constants.columns + this.thread.x]! > 0 ? 1 : 0;
});

/** Even units (the last index) pass v <= 0, odd units pass v >= 0; Clark, Abbott & Chung 2021, conventional networks. */
export const alternatingRelu = defineElementwise("alternating-relu", 2, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  const odd = this.thread.x - 2 * Math.floor(this.thread.x / 2);
  const passed = odd > 0.5 ? v : -v;
  return passed < 0 ? 0 : v;
});

/** Slope of alternatingRelu from the drive: 1 where the unit passes it, else 0. */
export const alternatingReluSlope = defineElementwise(
  "alternating-relu-slope",
  2,
  function (this: Columns, values: KernelValues) {
    const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
    const odd = this.thread.x - 2 * Math.floor(this.thread.x / 2);
    const passed = odd > 0.5 ? v : -v;
    return passed >= 0 ? 1 : 0;
  },
);

/** tanh(v). */
export const tanh = defineElementwise("tanh", 1, function (this: Columns, values: KernelValues) {
  return Math.tanh(values[this.thread.y * this.constants.columns + this.thread.x]!);
});

/** Slope of tanh from the drive: 1 - tanh(v)^2. */
export const tanhSlope = defineElementwise("tanh-slope", 3, function (this: Columns, values: KernelValues) {
  const rate = Math.tanh(values[this.thread.y * this.constants.columns + this.thread.x]!);
  return 1 - rate * rate;
});

/** 1 / (1 + exp(-v)). */
export const sigmoid = defineElementwise("sigmoid", 3, function (this: Columns, values: KernelValues) {
  return 1 / (1 + Math.exp(-values[this.thread.y * this.constants.columns + this.thread.x]!));
});

/** Slope of the sigmoid from the drive: s (1 - s). */
export const sigmoidSlope = defineElementwise("sigmoid-slope", 5, function (this: Columns, values: KernelValues) {
  const rate = 1 / (1 + Math.exp(-values[this.thread.y * this.constants.columns + this.thread.x]!));
  return rate * (1 - rate);
});

/** log(1 + exp(v)), written so that exp cannot overflow. */
export const softplus = defineElementwise("softplus", 5, function (this: Columns, values: KernelValues) {
  const v = values[this.thread.y * this.constants.columns + this.thread.x]!;
  return Math.max(v, 0) + Math.log(1 + Math.exp(-Math.abs(v)));
});

/** Slope of softplus from the drive: the sigmoid. */
export const softplusSlope = defineElementwise("softplus-slope", 3, function (this: Columns, values: KernelValues) {
  return 1 / (1 + Math.exp(-values[this.thread.y * this.constants.columns + this.thread.x]!));
});
