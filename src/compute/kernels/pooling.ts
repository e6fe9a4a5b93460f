import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, type Shape } from "../shape.ts";
import { expectMap, type MapSize, unitsOfMap, type Window, windowConstants } from "./window.ts";

/** Windows over the map that is pooled, channel by channel; none lies beyond the border, so the padding is 0. */
export interface PoolingAttributes extends Window {
  readonly map: MapSize;
}

type PoolConstant =
  | "height"
  | "width"
  | "channels"
  | "kernel"
  | "stride"
  | "outHeight"
  | "outWidth"
  | "units"
  | "pooledUnits";
/** Numbers frozen into the call of a pool or its transpose. */
export type PoolSizes = Readonly<Record<PoolConstant, number>>;
type Sizes = KernelThread<PoolConstant>;

function layoutOf(name: string, { map, ...window }: PoolingAttributes) {
  if (window.padding !== 0)
    throw new ShapeError(`${name}: padding ${window.padding} is not 0, and windows of a pool lie within the map`);
  const { constants, positions } = windowConstants(name, map, window);
  const units = unitsOfMap(map);
  const pooledUnits = positions * map.channels;
  return { constants: { ...constants, units, pooledUnits }, units, pooledUnits };
}

function inferPooling(name: string, rates: Shape, attributes: PoolingAttributes) {
  const { constants, units, pooledUnits } = layoutOf(name, attributes);
  expectRank(name, "rates", rates, 2);
  expectMap(name, "rates", rates, units);
  return {
    shapes: { pooled: [rates[0]!, pooledUnits] },
    constants,
    flops: rates[0]! * pooledUnits * attributes.kernel ** 2,
  };
}

/** pooled[n, p, c] = mean of rates[n, unit of channel c under the window at p]. */
export const averagePool = defineKernel<"rates", "pooled", PoolingAttributes, PoolSizes>({
  name: "average-pool",
  family: "pooling",
  inputs: ["rates"],
  launch: "shaped",
  outputs: {
    pooled: {
      reads: ["rates"],
      body: function (this: Sizes, rates: KernelValues) {
        const position = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - position * this.constants.channels;
        const outRow = Math.floor(position / this.constants.outWidth);
        const top = outRow * this.constants.stride;
        const left = (position - outRow * this.constants.outWidth) * this.constants.stride;
        let sum = 0;
        for (let y = 0; y < this.constants.kernel; y++) {
          for (let x = 0; x < this.constants.kernel; x++) {
            const unit = ((top + y) * this.constants.width + left + x) * this.constants.channels + channel;
            sum += rates[this.thread.y * this.constants.units + unit]!;
          }
        }
        return sum / (this.constants.kernel * this.constants.kernel);
      },
    },
  },
  infer: ({ rates }, attributes) => inferPooling("average-pool", rates, attributes),
});

/** result[n, unit] = sum over the windows that see the unit of error / kernel^2: the transpose of averagePool. */
export const averagePoolTransport = defineKernel<"error", "result", PoolingAttributes, PoolSizes>({
  name: "average-pool-transport",
  family: "pooling",
  inputs: ["error"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["error"],
      body: function (this: Sizes, error: KernelValues) {
        const site = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - site * this.constants.channels;
        const row = Math.floor(site / this.constants.width);
        const column = site - row * this.constants.width;
        let sum = 0;
        for (let y = 0; y < this.constants.kernel; y++) {
          const outRow = Math.floor((row - y) / this.constants.stride);
          const rowFits = Math.abs(outRow * this.constants.stride - (row - y)) < 0.5 ? 1 : 0;
          if (rowFits > 0.5 && outRow >= 0 && outRow < this.constants.outHeight) {
            for (let x = 0; x < this.constants.kernel; x++) {
              const outColumn = Math.floor((column - x) / this.constants.stride);
              const columnFits = Math.abs(outColumn * this.constants.stride - (column - x)) < 0.5 ? 1 : 0;
              if (columnFits > 0.5 && outColumn >= 0 && outColumn < this.constants.outWidth) {
                const pooled = (outRow * this.constants.outWidth + outColumn) * this.constants.channels + channel;
                sum += error[this.thread.y * this.constants.pooledUnits + pooled]!;
              }
            }
          }
        }
        return sum / (this.constants.kernel * this.constants.kernel);
      },
    },
  },
  infer({ error }, attributes) {
    const { constants, units, pooledUnits } = layoutOf("average-pool-transport", attributes);
    expectRank("average-pool-transport", "error", error, 2);
    expectMap("average-pool-transport", "error", error, pooledUnits);
    return {
      shapes: { result: [error[0]!, units] },
      constants,
      flops: error[0]! * pooledUnits * attributes.kernel ** 2,
    };
  },
});

/** pooled[n, p, c] = largest of rates[n, unit of channel c under the window at p]. */
export const maxPool = defineKernel<"rates", "pooled", PoolingAttributes, PoolSizes>({
  name: "max-pool",
  family: "pooling",
  inputs: ["rates"],
  launch: "shaped",
  outputs: {
    pooled: {
      reads: ["rates"],
      body: function (this: Sizes, rates: KernelValues) {
        const position = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - position * this.constants.channels;
        const outRow = Math.floor(position / this.constants.outWidth);
        const top = outRow * this.constants.stride;
        const left = (position - outRow * this.constants.outWidth) * this.constants.stride;
        const start = this.thread.y * this.constants.units + channel;
        let largest = rates[start + (top * this.constants.width + left) * this.constants.channels]!;
        for (let y = 0; y < this.constants.kernel; y++) {
          for (let x = 0; x < this.constants.kernel; x++) {
            const rate = rates[start + ((top + y) * this.constants.width + left + x) * this.constants.channels]!;
            largest = Math.max(largest, rate);
          }
        }
        return largest;
      },
    },
  },
  infer: ({ rates }, attributes) => inferPooling("max-pool", rates, attributes),
});

/**
 * result[n, unit] = sum of the errors of the windows that the unit won: the one with the largest rate, and of equal ones
 * the first in the order row, column.
 */
export const maxPoolTransport = defineKernel<"error" | "rates", "result", PoolingAttributes, PoolSizes>({
  name: "max-pool-transport",
  family: "pooling",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["error", "rates"],
      body: function (this: Sizes, error: KernelValues, rates: KernelValues) {
        const site = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - site * this.constants.channels;
        const row = Math.floor(site / this.constants.width);
        const column = site - row * this.constants.width;
        const start = this.thread.y * this.constants.units + channel;
        const own = rates[start + site * this.constants.channels]!;
        let sum = 0;
        for (let y = 0; y < this.constants.kernel; y++) {
          const outRow = Math.floor((row - y) / this.constants.stride);
          const rowFits = Math.abs(outRow * this.constants.stride - (row - y)) < 0.5 ? 1 : 0;
          if (rowFits > 0.5 && outRow >= 0 && outRow < this.constants.outHeight) {
            for (let x = 0; x < this.constants.kernel; x++) {
              const outColumn = Math.floor((column - x) / this.constants.stride);
              const columnFits = Math.abs(outColumn * this.constants.stride - (column - x)) < 0.5 ? 1 : 0;
              if (columnFits > 0.5 && outColumn >= 0 && outColumn < this.constants.outWidth) {
                // The unit wins the window if it beats all before it and equals or beats all after it.
                let beaten = 0;
                for (let j = 0; j < this.constants.kernel; j++) {
                  for (let i = 0; i < this.constants.kernel; i++) {
                    const rivalSite =
                      (outRow * this.constants.stride + j) * this.constants.width +
                      outColumn * this.constants.stride +
                      i;
                    const rival = rates[start + rivalSite * this.constants.channels]!;
                    if (rivalSite < site) {
                      beaten += own > rival ? 1 : 0;
                    } else {
                      beaten += own >= rival ? 1 : 0;
                    }
                  }
                }
                if (beaten > this.constants.kernel * this.constants.kernel - 0.5) {
                  const pooled = (outRow * this.constants.outWidth + outColumn) * this.constants.channels + channel;
                  sum += error[this.thread.y * this.constants.pooledUnits + pooled]!;
                }
              }
            }
          }
        }
        return sum;
      },
    },
  },
  infer({ error, rates }, attributes) {
    const { constants, units, pooledUnits } = layoutOf("max-pool-transport", attributes);
    expectRank("max-pool-transport", "rates", rates, 2);
    expectMap("max-pool-transport", "rates", rates, units);
    expectShape("max-pool-transport", "error", error, [rates[0]!, pooledUnits]);
    return {
      shapes: { result: rates },
      constants,
      flops: rates[0]! * units * attributes.kernel ** 4,
    };
  },
});
