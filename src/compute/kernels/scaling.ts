import { plus, times } from "../expression.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, sizeOf } from "../shape.ts";
import { defineElementwise } from "./elementwise.ts";

/** result = left + factor right, element by element. */
export const addScaled = defineElementwise({
  name: "add-scaled",
  family: "pointwise",
  inputs: ["left", "right"],
  constants: ["factor"],
  result: ({ left, right }, { factor }) => plus(left, times(factor, right)),
});

/** result = factor values, element by element. */
export const scale = defineElementwise({
  name: "scale",
  family: "pointwise",
  inputs: ["values"],
  constants: ["factor"],
  result: ({ values }, { factor }) => times(factor, values),
});

/**
 * result = (1 - rate) previous + rate rates: rates that follow their drive with a time constant of dt / rate. Rate 1 keeps
 * nothing of the previous ones, rate 0 all.
 */
export const leak = defineElementwise({
  name: "leak",
  family: "pointwise",
  inputs: ["previous", "rates"],
  over: "rates",
  constants: ["rate"],
  derived: { kept: ({ rate }) => 1 - rate },
  result: ({ previous, rates }, { kept, rate }) => plus(times(kept, previous), times(rate, rates)),
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
