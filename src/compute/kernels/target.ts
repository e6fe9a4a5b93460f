import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, sizeOf } from "../shape.ts";

/** sums[b] = sum_n (values[b, n] - target[b, n])^2. */
export const squaredError = defineKernel({
  name: "squared-error",
  family: "error",
  inputs: ["values", "target"],
  launch: "shaped",
  outputs: {
    sums: {
      reads: ["values", "target"],
      body: function (this: KernelThread<"inner">, values: KernelValues, target: KernelValues) {
        const row = this.thread.x * this.constants.inner;
        let sum = 0;
        for (let n = 0; n < this.constants.inner; n++) {
          const difference = values[row + n]! - target[row + n]!;
          sum += difference * difference;
        }
        return sum;
      },
    },
  },
  infer({ values, target }) {
    expectRank("squared-error", "values", values, 2);
    expectShape("squared-error", "target", target, values);
    return { shapes: { sums: [values[0]!] }, constants: { inner: values[1]! }, flops: 3 * sizeOf(values) };
  },
});

/**
 * result[b, n] = factor weights[b] (values[b, n] - target[b, n]): the error vector of the squared error; with factor 2 and
 * weights 1 / batch it is the gradient of its mean over the samples.
 */
export const squaredErrorGradient = defineKernel<
  "values" | "target" | "weights",
  "result",
  { readonly factor: number }
>({
  name: "squared-error-gradient",
  family: "error",
  inputs: ["values", "target", "weights"],
  launch: "shaped",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values", "target", "weights"],
      body: function (
        this: KernelThread<"factor" | "inner">,
        values: KernelValues,
        target: KernelValues,
        weights: KernelValues,
      ) {
        const i = this.thread.y * this.constants.inner + this.thread.x;
        return this.constants.factor * weights[this.thread.y]! * (values[i]! - target[i]!);
      },
    },
  },
  infer({ values, target, weights }, { factor }) {
    expectRank("squared-error-gradient", "values", values, 2);
    expectShape("squared-error-gradient", "target", target, values);
    expectShape("squared-error-gradient", "weights", weights, [values[0]!]);
    return { shapes: { result: values }, constants: { factor, inner: values[1]! }, flops: 3 * sizeOf(values) };
  },
});
