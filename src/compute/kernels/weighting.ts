import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape } from "../shape.ts";

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
