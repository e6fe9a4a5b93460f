import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, sizeOf } from "../shape.ts";

type Columns = KernelThread<"inner">;

/** sums[r] = sum_c left[r, c] right[r, c]. */
export const rowProducts = defineKernel({
  name: "row-products",
  family: "reduction",
  inputs: ["left", "right"],
  launch: "shaped",
  outputs: {
    sums: {
      reads: ["left", "right"],
      body: function (this: Columns, left: KernelValues, right: KernelValues) {
        const row = this.thread.x * this.constants.inner;
        let sum = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          sum += left[row + c]! * right[row + c]!;
        }
        return sum;
      },
    },
  },
  infer({ left, right }) {
    expectRank("row-products", "left", left, 2);
    expectShape("row-products", "right", right, left);
    return { shapes: { sums: [left[0]!] }, constants: { inner: left[1]! }, flops: 2 * sizeOf(left) };
  },
});

/** sums[r, c] = sum over positions p of values[r, p, c]: what shared parameters of a map's channel gather. */
export const sumPositions = defineKernel({
  name: "sum-positions",
  family: "reduction",
  inputs: ["values"],
  launch: "shaped",
  outputs: {
    sums: {
      reads: ["values"],
      body: function (this: KernelThread<"positions" | "channels">, values: KernelValues) {
        const start = this.thread.y * this.constants.positions * this.constants.channels + this.thread.x;
        let sum = 0;
        for (let p = 0; p < this.constants.positions; p++) {
          sum += values[start + p * this.constants.channels]!;
        }
        return sum;
      },
    },
  },
  infer({ values }) {
    expectRank("sum-positions", "values", values, 3);
    const [rows, positions, channels] = values as [number, number, number];
    return { shapes: { sums: [rows, channels] }, constants: { positions, channels }, flops: sizeOf(values) };
  },
});

/** counts[r] = how many c have left[r, c] and right[r, c] of the same sign (both 0 counts). */
export const rowSignAgreements = defineKernel({
  name: "row-sign-agreements",
  family: "reduction",
  inputs: ["left", "right"],
  launch: "shaped",
  outputs: {
    counts: {
      reads: ["left", "right"],
      body: function (this: Columns, left: KernelValues, right: KernelValues) {
        const row = this.thread.x * this.constants.inner;
        let count = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          const a = left[row + c]!;
          const b = right[row + c]!;
          const signA = a > 0 ? 1 : a < 0 ? -1 : 0;
          const signB = b > 0 ? 1 : b < 0 ? -1 : 0;
          count += Math.abs(signA - signB) < 0.5 ? 1 : 0;
        }
        return count;
      },
    },
  },
  infer({ left, right }) {
    expectRank("row-sign-agreements", "left", left, 2);
    expectShape("row-sign-agreements", "right", right, left);
    return { shapes: { counts: [left[0]!] }, constants: { inner: left[1]! }, flops: 5 * sizeOf(left) };
  },
});
