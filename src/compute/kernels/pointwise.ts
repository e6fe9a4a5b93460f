import { ShapeError } from "../../kinds/errors.ts";
import { minus, plus, times } from "../expression.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, expectPeriodic, type Shape, sizeOf } from "../shape.ts";
import { defineElementwise } from "./elementwise.ts";

type Columns = KernelThread<"columns">;

/** result = left + right, element by element. */
export const add = defineElementwise({
  name: "add",
  family: "pointwise",
  inputs: ["left", "right"],
  result: ({ left, right }) => plus(left, right),
});

/** result = left - right, element by element. */
export const subtract = defineElementwise({
  name: "subtract",
  family: "pointwise",
  inputs: ["left", "right"],
  result: ({ left, right }) => minus(left, right),
});

/** result = left * right, element by element. */
export const multiply = defineElementwise({
  name: "multiply",
  family: "pointwise",
  inputs: ["left", "right"],
  result: ({ left, right }) => times(left, right),
});

/** result[b, k, n] = drive[b, k, n] + bias[k, n mod period]; see vectorGateMask for the period. */
export const addBias = defineKernel({
  name: "add-bias",
  family: "pointwise",
  inputs: ["drive", "bias"],
  launch: "shaped",
  inPlace: { result: "drive" },
  outputs: {
    result: {
      reads: ["drive", "bias"],
      body: function (this: KernelThread<"dimension" | "units" | "period">, drive: KernelValues, bias: KernelValues) {
        const row = this.thread.z * this.constants.dimension + this.thread.y;
        const column = this.thread.x - Math.floor(this.thread.x / this.constants.period) * this.constants.period;
        return (
          drive[row * this.constants.units + this.thread.x]! + bias[this.thread.y * this.constants.period + column]!
        );
      },
    },
  },
  infer({ drive, bias }) {
    if (drive.length !== 3)
      throw new ShapeError(`add-bias: "drive" has shape ${describeShape(drive)}, expected [batch, dimension, units]`);
    const [, dimension, units] = drive as [number, number, number];
    const period = expectPeriodic("add-bias", "bias", bias, dimension, units);
    return { shapes: { result: drive }, constants: { dimension, units, period }, flops: sizeOf(drive) };
  },
});

/** A tensor of ones; `like` gives the plan, its values are not read. */
export const ones = defineKernel<"like", "result", { readonly shape: Shape }>({
  name: "ones",
  family: "pointwise",
  inputs: ["like"],
  launch: "flat",
  outputs: {
    result: {
      reads: [],
      body: function (this: Columns) {
        return 1;
      },
    },
  },
  infer: (_shapes, { shape }) => ({ shapes: { result: shape }, constants: {}, flops: 0 }),
});
