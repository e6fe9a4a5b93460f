import { ShapeError } from "../../kinds/errors.ts";
import { above, choice, magnitude, over } from "../expression.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, expectRank, expectShape, sizeOf } from "../shape.ts";
import { defineElementwise } from "./elementwise.ts";

/**
 * Weights of a mean over the samples of which something is asked, result[b] = weights[b] asked[b] / sum_c weights[c]
 * asked[c]; all 0 where that sum is 0.
 */
export const weighAsked = defineKernel({
  name: "weigh-asked",
  family: "reduction",
  inputs: ["weights", "asked"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["weights", "asked"],
      body: function (this: KernelThread<"inner">, weights: KernelValues, asked: KernelValues) {
        let sum = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          sum += weights[c]! * asked[c]!;
        }
        return sum > 0 ? (weights[this.thread.x]! * asked[this.thread.x]!) / sum : 0;
      },
    },
  },
  infer({ weights, asked }) {
    expectRank("weigh-asked", "weights", weights, 1);
    expectShape("weigh-asked", "asked", asked, weights);
    const inner = weights[0]!;
    return { shapes: { result: weights }, constants: { inner }, flops: 2 * inner * inner };
  },
});

/**
 * result[b, n] = weights[b, n] values[b, n], or weights[b, 0] values[b, n] where a row has one weight; 0 where the weight
 * is 0, whatever the value, so that nothing which is not asked comes through.
 */
export const weighValues = defineKernel({
  name: "weigh-values",
  family: "pointwise",
  inputs: ["values", "weights"],
  launch: "shaped",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values", "weights"],
      body: function (this: KernelThread<"inner" | "each">, values: KernelValues, weights: KernelValues) {
        const at = this.thread.y * this.constants.inner + this.thread.x;
        const weight = weights[this.constants.each > 1 ? at : this.thread.y]!;
        return weight > 0 || weight < 0 ? weight * values[at]! : 0;
      },
    },
  },
  infer({ values, weights }) {
    expectRank("weigh-values", "values", values, 2);
    const [rows, inner] = values as [number, number];
    const each = weights[1]!;
    if (weights.length !== 2 || weights[0] !== rows || (each !== 1 && each !== inner))
      throw new ShapeError(
        `weigh-values: "weights" has shape ${describeShape(weights)}, expected [${rows}, 1] or [${rows}, ${inner}]`,
      );
    return { shapes: { result: values }, constants: { inner, each }, flops: sizeOf(values) };
  },
});

/** result = part / whole, element by element; 0 where the whole is not above 0. */
export const shareOf = defineElementwise({
  name: "share-of",
  inputs: ["part", "whole"],
  result: ({ part, whole }) => choice(above(whole, 0), over(part, whole), 0),
});

/** result = now where the weight is not 0, else before, element by element: the latest value that is asked. */
export const latestAsked = defineElementwise({
  name: "latest-asked",
  inputs: ["before", "now", "weights"],
  result: ({ before, now, weights }) => choice(above(magnitude(weights), 0), now, before),
});
