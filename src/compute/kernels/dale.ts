import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, sizeOf } from "../shape.ts";

/** Which presynaptic units inhibit. */
export interface DaleAttributes {
  /** Presynaptic units: columns of the weights. */
  readonly pre: number;
  /** The first column that inhibits. */
  readonly inhibitoryFrom: number;
}

/** result = max(weight, 0) in columns of excitatory presynaptic units, min(weight, 0) in those of inhibitory ones. */
export const restoreDale = defineKernel<"weight", "result", DaleAttributes>({
  name: "restore-dale",
  family: "optimiser",
  inputs: ["weight"],
  launch: "flat",
  inPlace: { result: "weight" },
  outputs: {
    result: {
      reads: ["weight"],
      body: function (this: KernelThread<"columns" | "pre" | "inhibitoryFrom">, weight: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const column = i - Math.floor(i / this.constants.pre) * this.constants.pre;
        return column < this.constants.inhibitoryFrom ? Math.max(weight[i]!, 0) : Math.min(weight[i]!, 0);
      },
    },
  },
  infer({ weight }, { pre, inhibitoryFrom }) {
    if (weight.at(-1) !== pre)
      throw new ShapeError(`restore-dale: "weight" has shape ${describeShape(weight)}, expected ${pre} columns`);
    return { shapes: { result: weight }, constants: { pre, inhibitoryFrom }, flops: sizeOf(weight) };
  },
});
