import { ShapeError } from "../errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, expectShape, type Shape, sizeOf } from "../shape.ts";

type Columns = KernelThread<"columns">;

/** Shape rule of kernels that combine two tensors of one shape element by element. */
function inferPair(name: string, { left, right }: Readonly<Record<"left" | "right", Shape>>) {
  expectShape(name, "right", right, left);
  return { shapes: { result: left }, constants: {}, flops: sizeOf(left) };
}

/** result = left + right, element by element. */
export const add = defineKernel({
  name: "add",
  family: "pointwise",
  inputs: ["left", "right"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["left", "right"],
      body: function (this: Columns, left: KernelValues, right: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return left[i]! + right[i]!;
      },
    },
  },
  infer: (shapes) => inferPair("add", shapes),
});

/** result = left * right, element by element. */
export const multiply = defineKernel({
  name: "multiply",
  family: "pointwise",
  inputs: ["left", "right"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["left", "right"],
      body: function (this: Columns, left: KernelValues, right: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return left[i]! * right[i]!;
      },
    },
  },
  infer: (shapes) => inferPair("multiply", shapes),
});

/** result[b, k, n] = drive[b, k, n] + bias[k, n]. */
export const addBias = defineKernel({
  name: "add-bias",
  family: "pointwise",
  inputs: ["drive", "bias"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["drive", "bias"],
      body: function (this: KernelThread<"dimension" | "units">, drive: KernelValues, bias: KernelValues) {
        const within = this.thread.y * this.constants.units + this.thread.x;
        return drive[this.thread.z * this.constants.dimension * this.constants.units + within]! + bias[within]!;
      },
    },
  },
  infer({ drive, bias }) {
    if (drive.length !== 3)
      throw new ShapeError(`add-bias: "drive" has shape ${describeShape(drive)}, expected [batch, dimension, units]`);
    const [, dimension, units] = drive as [number, number, number];
    expectShape("add-bias", "bias", bias, [dimension, units]);
    return { shapes: { result: drive }, constants: { dimension, units }, flops: sizeOf(drive) };
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
