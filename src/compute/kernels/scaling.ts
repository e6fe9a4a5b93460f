import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, sizeOf } from "../shape.ts";

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
  infer({ left, right }, { factor }) {
    expectShape("add-scaled", "right", right, left);
    return { shapes: { result: left }, constants: { factor }, flops: 2 * sizeOf(left) };
  },
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
  infer: ({ values }, { factor }) => ({ shapes: { result: values }, constants: { factor }, flops: sizeOf(values) }),
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
