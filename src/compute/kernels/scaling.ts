import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, sizeOf } from "../shape.ts";
import { inferElementwise } from "./elementwise.ts";

/** result = left + factor right, element by element. */
export const addScaled = defineKernel<"left" | "right", "result", { readonly factor: number }>({
  name: "add-scaled",
  family: "pointwise",
  inputs: ["left", "right"],
  launch: "flat",
  inPlace: { result: "left" },
  outputs: {
    result: {
      reads: ["left", "right"],
      body: function (this: KernelThread<"columns" | "factor">, left: KernelValues, right: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return left[i]! + this.constants.factor * right[i]!;
      },
    },
  },
  infer: (shapes, { factor }) => inferElementwise("add-scaled", 2, shapes, { factor }),
});

/** result = factor values, element by element. */
export const scale = defineKernel<"values", "result", { readonly factor: number }>({
  name: "scale",
  family: "pointwise",
  inputs: ["values"],
  launch: "flat",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values"],
      body: function (this: KernelThread<"columns" | "factor">, values: KernelValues) {
        return this.constants.factor * values[this.thread.y * this.constants.columns + this.thread.x]!;
      },
    },
  },
  infer: (shapes, { factor }) => inferElementwise("scale", 1, shapes, { factor }),
});

/**
 * result = (1 - rate) previous + rate rates: rates that follow their drive with a time constant of dt / rate. Rate 1 keeps
 * nothing of the previous ones, rate 0 all.
 */
export const leak = defineKernel<"previous" | "rates", "result", { readonly rate: number }>({
  name: "leak",
  family: "pointwise",
  inputs: ["previous", "rates"],
  launch: "flat",
  inPlace: { result: "rates" },
  outputs: {
    result: {
      reads: ["previous", "rates"],
      body: function (this: KernelThread<"columns" | "kept" | "rate">, previous: KernelValues, rates: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return this.constants.kept * previous[i]! + this.constants.rate * rates[i]!;
      },
    },
  },
  infer: (shapes, { rate }) => inferElementwise("leak", 3, shapes, { kept: 1 - rate, rate }),
});

/** result[r, c] = factor scales[r] values[r, c]: each row, such as a sample, by a scale of its own. */
export const scaleRows = defineKernel<"values" | "scales", "result", { readonly factor: number }>({
  name: "scale-rows",
  family: "pointwise",
  inputs: ["values", "scales"],
  launch: "shaped",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values", "scales"],
      body: function (this: KernelThread<"factor" | "inner">, values: KernelValues, scales: KernelValues) {
        const i = this.thread.y * this.constants.inner + this.thread.x;
        return this.constants.factor * scales[this.thread.y]! * values[i]!;
      },
    },
  },
  infer({ values, scales }, { factor }) {
    expectRank("scale-rows", "values", values, 2);
    expectShape("scale-rows", "scales", scales, [values[0]!]);
    return { shapes: { result: values }, constants: { factor, inner: values[1]! }, flops: 2 * sizeOf(values) };
  },
});
