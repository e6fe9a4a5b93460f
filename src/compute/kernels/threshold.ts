import { above, choice, magnitude, minus, over, plus, times } from "../expression.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectShape, sizeOf } from "../shape.ts";
import { defineElementwise } from "./elementwise.ts";

/** result = 1 where rate > threshold, else 0: all that a binary message tells of a rate. */
export const binarise = defineElementwise({
  name: "binarise",
  family: "gain",
  inputs: ["rates"],
  constants: ["threshold"],
  result: ({ rates }, { threshold }) => choice(above(rates, threshold), 1, 0),
});

/**
 * What stands in for the slope of `binarise`, which is 0 almost everywhere: 1 / (1 + sharpness |rate - threshold|)^2.
 * Source: Zenke & Ganguli 2018, SuperSpike.
 */
export const binariseSlope = defineElementwise({
  name: "binarise-slope",
  family: "gain",
  inputs: ["rates"],
  constants: ["threshold", "sharpness"],
  result({ rates }, { threshold, sharpness }) {
    const root = plus(1, times(sharpness, magnitude(minus(rates, threshold))));
    return over(1, times(root, root));
  },
});

/** result = values where scores >= threshold[0], else 0, element by element. */
export const keepAbove = defineKernel({
  name: "keep-above",
  family: "gate",
  inputs: ["values", "scores", "threshold"],
  launch: "flat",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values", "scores", "threshold"],
      body: function (
        this: KernelThread<"columns">,
        values: KernelValues,
        scores: KernelValues,
        threshold: KernelValues,
      ) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return scores[i]! >= threshold[0]! ? values[i]! : 0;
      },
    },
  },
  infer({ values, scores, threshold }) {
    expectShape("keep-above", "scores", scores, values);
    expectShape("keep-above", "threshold", threshold, [1]);
    return { shapes: { result: values }, constants: {}, flops: sizeOf(values) };
  },
});
