import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, sizeOf } from "../shape.ts";

// Directions of long vectors, whatever their size: squares of float32 numbers vanish below 1e-23 and overflow above 1e19,
// and a device need not know numbers below 2^-126 nor the reciprocal of one above it. So a vector is scaled by two factors,
// one after the other, of which neither leaves the range: first a power of two, then what makes it 1.

type Columns = KernelThread<"inner">;

/** largest[r] = max_c |values[r, c]|; NaN where one of them is. */
export const rowLargest = defineKernel({
  name: "row-largest",
  family: "reduction",
  inputs: ["values"],
  launch: "shaped",
  outputs: {
    largest: {
      reads: ["values"],
      body: function (this: Columns, values: KernelValues) {
        const row = this.thread.x * this.constants.inner;
        let most = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          most = Math.max(most, Math.abs(values[row + c]!));
        }
        return most;
      },
    },
  },
  infer({ values }) {
    expectRank("row-largest", "values", values, 2);
    return { shapes: { largest: [values[0]!] }, constants: { inner: values[1]! }, flops: 2 * sizeOf(values) };
  },
});

/**
 * factors = [s, 1 / (s largest)], which one after the other bring the largest magnitude of a vector to 1; [1, 0] of a
 * vector of zeros. s is 2^-64 for a magnitude above 2^60, 2^64 for one below 2^-60, else 1.
 */
export const scaleToOne = defineKernel({
  name: "scale-to-one",
  family: "reduction",
  inputs: ["largest"],
  launch: "shaped",
  outputs: {
    factors: {
      reads: ["largest"],
      body: function (this: KernelThread<"high" | "low" | "lowering" | "raising">, largest: KernelValues) {
        const magnitude = largest[0]!;
        const shift =
          magnitude > this.constants.high
            ? this.constants.lowering
            : magnitude > 0 && magnitude < this.constants.low
              ? this.constants.raising
              : 1;
        const reciprocal = magnitude > 0 ? 1 / (magnitude * shift) : 0;
        return this.thread.x < 0.5 ? shift : reciprocal;
      },
    },
  },
  infer({ largest }) {
    expectShape("scale-to-one", "largest", largest, [1]);
    const constants = { high: 2 ** 60, low: 2 ** -60, lowering: 2 ** -64, raising: 2 ** 64 };
    return { shapes: { factors: [2] }, constants, flops: 2 };
  },
});

/** sums[r] = sum_c (values[r, c] factors[0] factors[1])^2. */
export const rowSquares = defineKernel({
  name: "row-squares",
  family: "reduction",
  inputs: ["values", "factors"],
  launch: "shaped",
  outputs: {
    sums: {
      reads: ["values", "factors"],
      body: function (this: Columns, values: KernelValues, factors: KernelValues) {
        const row = this.thread.x * this.constants.inner;
        let sum = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          const scaled = values[row + c]! * factors[0]! * factors[1]!;
          sum += scaled * scaled;
        }
        return sum;
      },
    },
  },
  infer({ values, factors }) {
    expectRank("row-squares", "values", values, 2);
    expectShape("row-squares", "factors", factors, [2]);
    return { shapes: { sums: [values[0]!] }, constants: { inner: values[1]! }, flops: 4 * sizeOf(values) };
  },
});

/** result = [factors[0], factors[1] / sqrt(squares)]: factors that bring a vector to length 1; [.., 0] where it has none. */
export const scaleToLength = defineKernel({
  name: "scale-to-length",
  family: "reduction",
  inputs: ["factors", "squares"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["factors", "squares"],
      body: function (this: KernelThread, factors: KernelValues, squares: KernelValues) {
        const reciprocal = squares[0]! > 0 ? factors[1]! / Math.sqrt(squares[0]!) : 0;
        return this.thread.x < 0.5 ? factors[0]! : reciprocal;
      },
    },
  },
  infer({ factors, squares }) {
    expectShape("scale-to-length", "factors", factors, [2]);
    expectShape("scale-to-length", "squares", squares, [1]);
    return { shapes: { result: [2] }, constants: {}, flops: 2 };
  },
});

/**
 * Of two vectors in rows, u = left leftFactors[0] leftFactors[1] and v of the right ones: apart[r] = sum_c (u - v)^2 and
 * together[r] = sum_c (u + v)^2. Of unit vectors at an angle a, summed over all rows, they are 4 sin^2(a / 2) and 4
 * cos^2(a / 2).
 */
export const rowDirections = defineKernel({
  name: "row-directions",
  family: "reduction",
  inputs: ["left", "right", "leftFactors", "rightFactors"],
  launch: "shaped",
  outputs: {
    apart: {
      reads: ["left", "right", "leftFactors", "rightFactors"],
      body: function (
        this: Columns,
        left: KernelValues,
        right: KernelValues,
        leftFactors: KernelValues,
        rightFactors: KernelValues,
      ) {
        const row = this.thread.x * this.constants.inner;
        let sum = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          const u = left[row + c]! * leftFactors[0]! * leftFactors[1]!;
          const v = right[row + c]! * rightFactors[0]! * rightFactors[1]!;
          sum += (u - v) * (u - v);
        }
        return sum;
      },
    },
    together: {
      reads: ["left", "right", "leftFactors", "rightFactors"],
      body: function (
        this: Columns,
        left: KernelValues,
        right: KernelValues,
        leftFactors: KernelValues,
        rightFactors: KernelValues,
      ) {
        const row = this.thread.x * this.constants.inner;
        let sum = 0;
        for (let c = 0; c < this.constants.inner; c++) {
          const u = left[row + c]! * leftFactors[0]! * leftFactors[1]!;
          const v = right[row + c]! * rightFactors[0]! * rightFactors[1]!;
          sum += (u + v) * (u + v);
        }
        return sum;
      },
    },
  },
  infer({ left, right, leftFactors, rightFactors }) {
    expectRank("row-directions", "left", left, 2);
    expectShape("row-directions", "right", right, left);
    expectShape("row-directions", "leftFactors", leftFactors, [2]);
    expectShape("row-directions", "rightFactors", rightFactors, [2]);
    const rows = [left[0]!];
    return { shapes: { apart: rows, together: rows }, constants: { inner: left[1]! }, flops: 14 * sizeOf(left) };
  },
});
