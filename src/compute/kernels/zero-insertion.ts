import { ShapeError } from "../errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank } from "../shape.ts";
import { expectMap, type MapSize, unitsOfMap } from "./window.ts";

/** A map and how far apart its sites are put. */
export interface ZeroInsertion {
  readonly map: MapSize;
  /** Sites from one old site to the next; between them stand zeros. */
  readonly stride: number;
  /** Rows and columns of zeros after the last site, fewer than the stride. */
  readonly after: number;
}

type Sizes = KernelThread<"height" | "width" | "channels" | "stride" | "outWidth" | "units" | "outUnits">;

/** The map with zeros between its sites: (size - 1) stride + 1 + after on each side. */
export function mapWithZeros({ map: { height, width, channels }, stride, after }: ZeroInsertion): MapSize {
  const spread = (size: number) => (size - 1) * stride + 1 + after;
  return { height: spread(height), width: spread(width), channels };
}

function constantsOf(name: string, { map, stride, after }: ZeroInsertion) {
  if (after >= stride)
    throw new ShapeError(`${name}: ${after} zeros after the last site are not fewer than stride ${stride}`);
  const out = mapWithZeros({ map, stride, after });
  return {
    ...map,
    stride,
    outHeight: out.height,
    outWidth: out.width,
    units: unitsOfMap(map),
    outUnits: unitsOfMap(out),
  };
}

/** result[n, (stride row, stride column), c] = rates[n, (row, column), c], all else 0. */
export const insertZeros = defineKernel<"rates", "result", ZeroInsertion>({
  name: "insert-zeros",
  family: "pooling",
  inputs: ["rates"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["rates"],
      body: function (this: Sizes, rates: KernelValues) {
        const site = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - site * this.constants.channels;
        const outRow = Math.floor(site / this.constants.outWidth);
        const outColumn = site - outRow * this.constants.outWidth;
        const row = Math.floor((outRow + 0.5) / this.constants.stride);
        const column = Math.floor((outColumn + 0.5) / this.constants.stride);
        const aside = outRow - row * this.constants.stride + outColumn - column * this.constants.stride;
        if (aside > 0.5) {
          return 0;
        }
        const unit = (row * this.constants.width + column) * this.constants.channels + channel;
        return rates[this.thread.y * this.constants.units + unit]!;
      },
    },
  },
  infer({ rates }, attributes) {
    const constants = constantsOf("insert-zeros", attributes);
    expectRank("insert-zeros", "rates", rates, 2);
    expectMap("insert-zeros", "rates", rates, constants.units);
    return { shapes: { result: [rates[0]!, constants.outUnits] }, constants, flops: 0 };
  },
});

/** result[n, (row, column), c] = error[n, (stride row, stride column), c]: the transpose of insertZeros. */
export const leaveZerosOut = defineKernel<"error", "result", ZeroInsertion>({
  name: "leave-zeros-out",
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
        const outSite = row * this.constants.stride * this.constants.outWidth + column * this.constants.stride;
        return error[this.thread.y * this.constants.outUnits + outSite * this.constants.channels + channel]!;
      },
    },
  },
  infer({ error }, attributes) {
    const constants = constantsOf("leave-zeros-out", attributes);
    expectRank("leave-zeros-out", "error", error, 2);
    expectMap("leave-zeros-out", "error", error, constants.outUnits);
    return { shapes: { result: [error[0]!, constants.units] }, constants, flops: 0 };
  },
});
