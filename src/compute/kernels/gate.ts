import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectPeriodic, expectRank, expectShape, type Shape, sizeOf } from "../shape.ts";

type Layout = KernelThread<"dimension" | "units" | "period">;

function layoutOf(name: string, argument: string, shape: Shape): { batch: number; dimension: number; units: number } {
  expectRank(name, argument, shape, 3);
  const [batch, dimension, units] = shape as [number, number, number];
  return { batch, dimension, units };
}

/**
 * Which vector units are on: mask[b, n] = 1 where sum_k gatingVectors[k, n mod period] drive[b, k, n] >= 0, else 0. With
 * one gating vector a channel, shared by the positions of a map, the period is the number of channels.
 * Source: Clark, Abbott & Chung 2021, section 3 (vectorized nonlinearity).
 */
export const vectorGateMask = defineKernel({
  name: "vector-gate-mask",
  family: "gate",
  inputs: ["drive", "gatingVectors"],
  launch: "shaped",
  outputs: {
    mask: {
      reads: ["drive", "gatingVectors"],
      body: function (this: Layout, drive: KernelValues, gatingVectors: KernelValues) {
        const start = this.thread.y * this.constants.dimension * this.constants.units + this.thread.x;
        const column = this.thread.x - Math.floor(this.thread.x / this.constants.period) * this.constants.period;
        let projected = 0;
        for (let k = 0; k < this.constants.dimension; k++) {
          projected += drive[start + k * this.constants.units]! * gatingVectors[k * this.constants.period + column]!;
        }
        return projected >= 0 ? 1 : 0;
      },
    },
  },
  infer({ drive, gatingVectors }) {
    const { batch, dimension, units } = layoutOf("vector-gate-mask", "drive", drive);
    const period = expectPeriodic("vector-gate-mask", "gatingVectors", gatingVectors, dimension, units);
    return { shapes: { mask: [batch, units] }, constants: { dimension, units, period }, flops: 2 * sizeOf(drive) };
  },
});

/** result[b, k, n] = values[b, k, n] mask[b, n]. */
export const applyGate = defineKernel({
  name: "apply-gate",
  family: "gate",
  inputs: ["values", "mask"],
  launch: "shaped",
  inPlace: { result: "values" },
  outputs: {
    result: {
      reads: ["values", "mask"],
      body: function (this: Layout, values: KernelValues, mask: KernelValues) {
        const row = this.thread.z * this.constants.dimension + this.thread.y;
        return (
          values[row * this.constants.units + this.thread.x]! *
          mask[this.thread.z * this.constants.units + this.thread.x]!
        );
      },
    },
  },
  infer({ values, mask }) {
    const { batch, dimension, units } = layoutOf("apply-gate", "values", values);
    expectShape("apply-gate", "mask", mask, [batch, units]);
    return { shapes: { result: values }, constants: { dimension, units }, flops: sizeOf(values) };
  },
});

/** result[b, k, n] = vector[b, k] scale[b, n]: one vector for all units, scaled by a factor of each unit. */
export const spreadVector = defineKernel({
  name: "spread-vector",
  family: "error",
  inputs: ["vector", "scale"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["vector", "scale"],
      body: function (this: Layout, vector: KernelValues, scale: KernelValues) {
        return (
          vector[this.thread.z * this.constants.dimension + this.thread.y]! *
          scale[this.thread.z * this.constants.units + this.thread.x]!
        );
      },
    },
  },
  infer({ vector, scale }) {
    expectRank("spread-vector", "vector", vector, 2);
    const [batch, dimension] = vector as [number, number];
    expectRank("spread-vector", "scale", scale, 2);
    const units = scale[1]!;
    expectShape("spread-vector", "scale", scale, [batch, units]);
    const result = [batch, dimension, units];
    return { shapes: { result }, constants: { dimension, units }, flops: sizeOf(result) };
  },
});

/** result[b, n] = sum_k rates[b, k, n] vector[b, k]: how far each unit's rate points along the vector. */
export const projectOnVector = defineKernel({
  name: "project-on-vector",
  family: "error",
  inputs: ["rates", "vector"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["rates", "vector"],
      body: function (this: Layout, rates: KernelValues, vector: KernelValues) {
        let sum = 0;
        for (let k = 0; k < this.constants.dimension; k++) {
          const row = this.thread.y * this.constants.dimension + k;
          sum += rates[row * this.constants.units + this.thread.x]! * vector[row]!;
        }
        return sum;
      },
    },
  },
  infer({ rates, vector }) {
    const { batch, dimension, units } = layoutOf("project-on-vector", "rates", rates);
    expectShape("project-on-vector", "vector", vector, [batch, dimension]);
    return { shapes: { result: [batch, units] }, constants: { dimension, units }, flops: 2 * sizeOf(rates) };
  },
});
