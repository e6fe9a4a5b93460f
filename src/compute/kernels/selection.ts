import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, type Shape, sizeOf } from "../shape.ts";

/**
 * Of two readouts the one that is surer: for each sample the row whose largest value is larger, and where both are equal
 * the left one. result[b] = right[b] where max_c right[b, c] > max_c left[b, c], else left[b]; tookRight[b] = 1 or 0.
 */
export const largerMaximum = defineKernel({
  name: "larger-maximum",
  family: "error",
  inputs: ["left", "right"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["left", "right"],
      body: function (this: KernelThread<"inner">, left: KernelValues, right: KernelValues) {
        const row = this.thread.y * this.constants.inner;
        let leftMaximum = left[row]!;
        let rightMaximum = right[row]!;
        for (let c = 1; c < this.constants.inner; c++) {
          leftMaximum = Math.max(leftMaximum, left[row + c]!);
          rightMaximum = Math.max(rightMaximum, right[row + c]!);
        }
        return rightMaximum > leftMaximum ? right[row + this.thread.x]! : left[row + this.thread.x]!;
      },
    },
    tookRight: {
      reads: ["left", "right"],
      body: function (this: KernelThread<"inner">, left: KernelValues, right: KernelValues) {
        const row = this.thread.x * this.constants.inner;
        let leftMaximum = left[row]!;
        let rightMaximum = right[row]!;
        for (let c = 1; c < this.constants.inner; c++) {
          leftMaximum = Math.max(leftMaximum, left[row + c]!);
          rightMaximum = Math.max(rightMaximum, right[row + c]!);
        }
        return rightMaximum > leftMaximum ? 1 : 0;
      },
    },
  },
  infer({ left, right }) {
    expectRank("larger-maximum", "left", left, 2);
    expectShape("larger-maximum", "right", right, left);
    return {
      shapes: { result: left, tookRight: [left[0]!] },
      constants: { inner: left[1]! },
      flops: 2 * sizeOf(left),
    };
  },
});

function objectsOf(name: string, objects: Shape) {
  expectRank(name, "objects", objects, 3);
  const [batch, count, inner] = objects as [number, number, number];
  return { batch, count, inner };
}

/** distances[b, n] = sum_i (values[b, i] - objects[b, n, i])^2. */
export const objectDistances = defineKernel({
  name: "object-distances",
  family: "reduction",
  inputs: ["values", "objects"],
  launch: "shaped",
  outputs: {
    distances: {
      reads: ["values", "objects"],
      body: function (this: KernelThread<"count" | "inner">, values: KernelValues, objects: KernelValues) {
        const row = this.thread.y * this.constants.inner;
        const start = (this.thread.y * this.constants.count + this.thread.x) * this.constants.inner;
        let sum = 0;
        for (let i = 0; i < this.constants.inner; i++) {
          const difference = values[row + i]! - objects[start + i]!;
          sum += difference * difference;
        }
        return sum;
      },
    },
  },
  infer({ values, objects }) {
    const { batch, count, inner } = objectsOf("object-distances", objects);
    expectShape("object-distances", "values", values, [batch, inner]);
    return { shapes: { distances: [batch, count] }, constants: { count, inner }, flops: 3 * sizeOf(objects) };
  },
});

/**
 * chosen[b, n] = 1 for the smallest distance among the objects of a sample that are not taken (taken[b, n] <= 1/2), and of
 * equal ones for the first; else 0. None is chosen where all are taken, or one
 * that is not has a distance of NaN.
 */
export const chooseObject = defineKernel({
  name: "choose-object",
  family: "reduction",
  inputs: ["distances", "taken"],
  launch: "shaped",
  outputs: {
    chosen: {
      reads: ["distances", "taken"],
      body: function (this: KernelThread<"inner">, distances: KernelValues, taken: KernelValues) {
        const row = this.thread.y * this.constants.inner;
        const own = distances[row + this.thread.x]!;
        let beaten = 0;
        for (let n = 0; n < this.constants.inner; n++) {
          const rival = distances[row + n]!;
          if (taken[row + n]! > 0.5) {
            beaten += 1;
          } else {
            if (n < this.thread.x) {
              beaten += own < rival ? 1 : 0;
            } else {
              beaten += own <= rival ? 1 : 0;
            }
          }
        }
        if (taken[row + this.thread.x]! > 0.5) {
          return 0;
        }
        return beaten > this.constants.inner - 0.5 ? 1 : 0;
      },
    },
  },
  infer({ distances, taken }) {
    expectRank("choose-object", "distances", distances, 2);
    expectShape("choose-object", "taken", taken, distances);
    const inner = distances[1]!;
    return { shapes: { chosen: distances }, constants: { inner }, flops: inner * sizeOf(distances) };
  },
});

/** result[b, i] = sum_n chosen[b, n] objects[b, n, i]: the object that was chosen; labels are objects of one value. */
export const pickRows = defineKernel({
  name: "pick-rows",
  family: "reduction",
  inputs: ["objects", "chosen"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["objects", "chosen"],
      body: function (this: KernelThread<"count" | "inner">, objects: KernelValues, chosen: KernelValues) {
        const row = this.thread.y * this.constants.count;
        let sum = 0;
        for (let n = 0; n < this.constants.count; n++) {
          sum += chosen[row + n]! * objects[(row + n) * this.constants.inner + this.thread.x]!;
        }
        return sum;
      },
    },
  },
  infer({ objects, chosen }) {
    const { batch, count, inner } = objectsOf("pick-rows", objects);
    expectShape("pick-rows", "chosen", chosen, [batch, count]);
    return { shapes: { result: [batch, inner] }, constants: { count, inner }, flops: 2 * sizeOf(objects) };
  },
});
