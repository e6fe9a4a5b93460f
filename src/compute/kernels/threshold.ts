import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectShape, sizeOf } from "../shape.ts";
import { inferElementwise } from "./elementwise.ts";

/** result = 1 where rate > threshold, else 0: all that a binary message tells of a rate. */
export const binarise = defineKernel<"rates", "result", { readonly threshold: number }>({
  name: "binarise",
  family: "gain",
  inputs: ["rates"],
  launch: "flat",
  inPlace: { result: "rates" },
  outputs: {
    result: {
      reads: ["rates"],
      body: function (this: KernelThread<"columns" | "threshold">, rates: KernelValues) {
        return rates[this.thread.y * this.constants.columns + this.thread.x]! > this.constants.threshold ? 1 : 0;
      },
    },
  },
  infer: (shapes, { threshold }) => inferElementwise("binarise", 1, shapes, { threshold }),
});

/**
 * What stands in for the slope of `binarise`, which is 0 almost everywhere: 1 / (1 + sharpness |rate - threshold|)^2.
 * Source: Zenke & Ganguli 2018, SuperSpike.
 */
export const binariseSlope = defineKernel<
  "rates",
  "result",
  { readonly threshold: number; readonly sharpness: number }
>({
  name: "binarise-slope",
  family: "gain",
  inputs: ["rates"],
  launch: "flat",
  inPlace: { result: "rates" },
  outputs: {
    result: {
      reads: ["rates"],
      body: function (this: KernelThread<"columns" | "threshold" | "sharpness">, rates: KernelValues) {
        const distance = Math.abs(
          rates[this.thread.y * this.constants.columns + this.thread.x]! - this.constants.threshold,
        );
        const root = 1 + this.constants.sharpness * distance;
        return 1 / (root * root);
      },
    },
  },
  infer: (shapes, { threshold, sharpness }) => inferElementwise("binarise-slope", 6, shapes, { threshold, sharpness }),
});

/** result = values where scores >= threshold[0], else 0, element by element. */
export const keepAbove = defineKernel({
  name: "keep-above",
  family: "gate",
  inputs: ["values", "scores", "threshold"],
  launch: "flat",
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
