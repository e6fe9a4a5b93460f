import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, expectRank, type Shape } from "../shape.ts";

type Sizes = KernelThread<"rows" | "columns" | "inner">;

/** Checks that the contracted sizes agree, and gives the product's shape, constants and cost. */
function inferProduct(
  name: string,
  { left, right }: Readonly<Record<"left" | "right", Shape>>,
  axes: { left: 0 | 1; right: 0 | 1 },
) {
  expectRank(name, "left", left, 2);
  expectRank(name, "right", right, 2);
  const inner = left[axes.left]!;
  if (inner !== right[axes.right])
    throw new ShapeError(
      `${name}: "left" ${describeShape(left)} and "right" ${describeShape(right)} differ in the size they are summed over`,
    );
  const rows = left[1 - axes.left]!;
  const columns = right[1 - axes.right]!;
  return {
    shapes: { product: [rows, columns] },
    constants: { rows, columns, inner },
    flops: 2 * rows * columns * inner,
  };
}

/** product[r, c] = sum_i left[r, i] right[i, c]. */
export const multiplyMatrices = defineKernel({
  name: "matrix-product",
  family: "contraction",
  inputs: ["left", "right"],
  launch: "shaped",
  outputs: {
    product: {
      reads: ["left", "right"],
      body: function (this: Sizes, left: KernelValues, right: KernelValues) {
        const row = this.thread.y * this.constants.inner;
        let sum = 0;
        for (let i = 0; i < this.constants.inner; i++) {
          sum += left[row + i]! * right[i * this.constants.columns + this.thread.x]!;
        }
        return sum;
      },
    },
  },
  infer: (shapes) => inferProduct("matrix-product", shapes, { left: 1, right: 0 }),
});

/** product[r, c] = sum_i left[r, i] right[c, i]: rates through weights [post, pre]. */
export const multiplyByTranspose = defineKernel({
  name: "matrix-product-right-transposed",
  family: "contraction",
  inputs: ["left", "right"],
  launch: "shaped",
  outputs: {
    product: {
      reads: ["left", "right"],
      body: function (this: Sizes, left: KernelValues, right: KernelValues) {
        const row = this.thread.y * this.constants.inner;
        const column = this.thread.x * this.constants.inner;
        let sum = 0;
        for (let i = 0; i < this.constants.inner; i++) {
          sum += left[row + i]! * right[column + i]!;
        }
        return sum;
      },
    },
  },
  infer: (shapes) => inferProduct("matrix-product-right-transposed", shapes, { left: 1, right: 1 }),
});

/** product[r, c] = sum_i left[i, r] right[i, c]: sums over the batch of postsynaptic times presynaptic values. */
export const multiplyTransposed = defineKernel({
  name: "matrix-product-left-transposed",
  family: "contraction",
  inputs: ["left", "right"],
  launch: "shaped",
  outputs: {
    product: {
      reads: ["left", "right"],
      body: function (this: Sizes, left: KernelValues, right: KernelValues) {
        let sum = 0;
        for (let i = 0; i < this.constants.inner; i++) {
          sum += left[i * this.constants.rows + this.thread.y]! * right[i * this.constants.columns + this.thread.x]!;
        }
        return sum;
      },
    },
  },
  infer: (shapes) => inferProduct("matrix-product-left-transposed", shapes, { left: 0, right: 0 }),
});

/** Which operands of the product each contraction kernel takes transposed: what a contraction provider must offer. */
export const contractionTransposes: Readonly<Record<string, readonly [left: boolean, right: boolean]>> = {
  [multiplyMatrices.declaration.name]: [false, false],
  [multiplyByTranspose.declaration.name]: [false, true],
  [multiplyTransposed.declaration.name]: [true, false],
};
