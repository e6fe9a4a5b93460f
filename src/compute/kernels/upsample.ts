import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, type Shape } from "../shape.ts";
import { describeMap, expectMap, type MapSize, unitsOfMap } from "./window.ts";

/** From a map to a larger one of the same channels. */
export interface UpsampleAttributes {
  /** The presynaptic map. */
  readonly map: MapSize;
  /** Sizes of the larger map. */
  readonly height: number;
  readonly width: number;
}

type UpsampleConstant = "height" | "width" | "channels" | "outHeight" | "outWidth" | "units" | "outUnits";
/** Numbers frozen into the call of an upsampling or its transpose. */
export type UpsampleSizes = Readonly<Record<UpsampleConstant, number>>;
type Sizes = KernelThread<UpsampleConstant | "mostRows" | "mostColumns">;

function layoutOf(name: string, { map, height: outHeight, width: outWidth }: UpsampleAttributes) {
  const { height, width, channels } = map;
  if (outHeight < height || outWidth < width)
    throw new ShapeError(`${name}: ${outHeight} x ${outWidth} is smaller than the map of ${describeMap(map)}`);
  const units = unitsOfMap(map);
  const outUnits = outHeight * outWidth * channels;
  return { height, width, channels, outHeight, outWidth, units, outUnits };
}

/** @param reach source sites on a side that one site of the larger map takes its value from */
function inferUpsample(name: string, rates: Shape, attributes: UpsampleAttributes, reach: number) {
  const constants = layoutOf(name, attributes);
  expectRank(name, "rates", rates, 2);
  expectMap(name, "rates", rates, constants.units);
  const result = [rates[0]!, constants.outUnits];
  return { shapes: { result }, constants, flops: 2 * reach * reach * rates[0]! * constants.outUnits };
}

function inferTransport(name: string, error: Shape, attributes: UpsampleAttributes, reach: number) {
  const constants = layoutOf(name, attributes);
  const { height, width, outHeight, outWidth, units, outUnits } = constants;
  expectRank(name, "error", error, 2);
  expectMap(name, "error", error, outUnits);
  /** Sites of the larger map that may take from one source site, and one more on either side. */
  const most = (size: number, outSize: number) => Math.ceil((reach * outSize) / size) + 2;
  return {
    shapes: { result: [error[0]!, units] },
    constants: { ...constants, mostRows: most(height, outHeight), mostColumns: most(width, outWidth) },
    flops: 2 * reach * reach * error[0]! * outUnits,
  };
}

/** result[n, (r, s), c] = rates[n, (floor(r height / outHeight), floor(s width / outWidth)), c]: the nearest site. */
export const upsampleNearest = defineKernel<"rates", "result", UpsampleAttributes, UpsampleSizes>({
  name: "upsample-nearest",
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
        // Half a unit more cannot reach the next whole number, and float32 cannot fall below this one.
        const row = Math.floor((outRow * this.constants.height + 0.5) / this.constants.outHeight);
        const column = Math.floor((outColumn * this.constants.width + 0.5) / this.constants.outWidth);
        const unit = (row * this.constants.width + column) * this.constants.channels + channel;
        return rates[this.thread.y * this.constants.units + unit]!;
      },
    },
  },
  infer: ({ rates }, attributes) => inferUpsample("upsample-nearest", rates, attributes, 1),
});

/** result[n, site, c] = sum of error[n, p, c] over the sites p that take their value from it: the transpose. */
export const upsampleNearestTransport = defineKernel<"error", "result", UpsampleAttributes, UpsampleSizes>({
  name: "upsample-nearest-transport",
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
        const top = Math.floor((row * this.constants.outHeight + 0.5) / this.constants.height);
        const left = Math.floor((column * this.constants.outWidth + 0.5) / this.constants.width);
        let sum = 0;
        for (let y = 0; y < this.constants.mostRows; y++) {
          const fromRow = Math.floor(((top + y) * this.constants.height + 0.5) / this.constants.outHeight);
          if (Math.abs(fromRow - row) < 0.5 && top + y < this.constants.outHeight) {
            for (let x = 0; x < this.constants.mostColumns; x++) {
              const fromColumn = Math.floor(((left + x) * this.constants.width + 0.5) / this.constants.outWidth);
              if (Math.abs(fromColumn - column) < 0.5 && left + x < this.constants.outWidth) {
                const unit = ((top + y) * this.constants.outWidth + left + x) * this.constants.channels + channel;
                sum += error[this.thread.y * this.constants.outUnits + unit]!;
              }
            }
          }
        }
        return sum;
      },
    },
  },
  infer: ({ error }, attributes) => inferTransport("upsample-nearest-transport", error, attributes, 1),
});

/**
 * Bicubic interpolation with corners not aligned: site r of the larger map lies at (r + 1/2) height / outHeight - 1/2 of the
 * source and takes from the two source sites on either side of it, in both directions; beyond the border stands the value
 * at the border. At distance d the weight is (a + 2) d^3 - (a + 3) d^2 + 1 up to 1, a d^3 - 5 a d^2 + 8 a d - 4 a up to 2,
 * with a = -3/4; computed as products, which are small where the weight is: (1 - d) (1 + d - (a + 2) d^2) and
 * a (d - 1) (d - 2)^2. Source: Keys 1981, cubic convolution.
 */
export const upsampleBicubic = defineKernel<"rates", "result", UpsampleAttributes, UpsampleSizes>({
  name: "upsample-bicubic",
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
        // Places are counted in units of half a site of the larger map: whole numbers, whose rests float32 holds exactly.
        const rowUnits = (2 * outRow + 1) * this.constants.height - this.constants.outHeight;
        const row = Math.floor((rowUnits + 0.5) / (2 * this.constants.outHeight));
        const rowRest = (rowUnits - 2 * this.constants.outHeight * row) / (2 * this.constants.outHeight);
        const columnUnits = (2 * outColumn + 1) * this.constants.width - this.constants.outWidth;
        const column = Math.floor((columnUnits + 0.5) / (2 * this.constants.outWidth));
        const columnRest = (columnUnits - 2 * this.constants.outWidth * column) / (2 * this.constants.outWidth);
        let sum = 0;
        for (let y = 0; y < 4; y++) {
          const d = Math.abs(rowRest + 1 - y);
          const rowWeight = d < 1 ? (1 - d) * (1 + d - 1.25 * d * d) : -0.75 * (d - 1) * (d - 2) * (d - 2);
          const fromRow = Math.min(Math.max(row - 1 + y, 0), this.constants.height - 1);
          for (let x = 0; x < 4; x++) {
            const e = Math.abs(columnRest + 1 - x);
            const columnWeight = e < 1 ? (1 - e) * (1 + e - 1.25 * e * e) : -0.75 * (e - 1) * (e - 2) * (e - 2);
            const fromColumn = Math.min(Math.max(column - 1 + x, 0), this.constants.width - 1);
            const unit = (fromRow * this.constants.width + fromColumn) * this.constants.channels + channel;
            sum += rowWeight * columnWeight * rates[this.thread.y * this.constants.units + unit]!;
          }
        }
        return sum;
      },
    },
  },
  infer: ({ rates }, attributes) => inferUpsample("upsample-bicubic", rates, attributes, 4),
});

/** result[n, site, c] = sum of error[n, p, c] times the weight with which p takes from the site: the transpose. */
export const upsampleBicubicTransport = defineKernel<"error", "result", UpsampleAttributes, UpsampleSizes>({
  name: "upsample-bicubic-transport",
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
        // The first site that lies within two source sites of this one.
        const top = Math.floor(((2 * row - 3) * this.constants.outHeight) / (2 * this.constants.height) - 0.5);
        const left = Math.floor(((2 * column - 3) * this.constants.outWidth) / (2 * this.constants.width) - 0.5);
        let sum = 0;
        for (let j = 0; j < this.constants.mostRows; j++) {
          const outRow = top + j;
          if (outRow >= 0 && outRow < this.constants.outHeight) {
            const rowUnits = (2 * outRow + 1) * this.constants.height - this.constants.outHeight;
            const nearRow = Math.floor((rowUnits + 0.5) / (2 * this.constants.outHeight));
            const rowRest = (rowUnits - 2 * this.constants.outHeight * nearRow) / (2 * this.constants.outHeight);
            let rowWeight = 0;
            for (let y = 0; y < 4; y++) {
              const d = Math.abs(rowRest + 1 - y);
              const weight = d < 1 ? (1 - d) * (1 + d - 1.25 * d * d) : -0.75 * (d - 1) * (d - 2) * (d - 2);
              const fromRow = Math.min(Math.max(nearRow - 1 + y, 0), this.constants.height - 1);
              rowWeight += Math.abs(fromRow - row) < 0.5 ? weight : 0;
            }
            for (let i = 0; i < this.constants.mostColumns; i++) {
              const outColumn = left + i;
              if (outColumn >= 0 && outColumn < this.constants.outWidth) {
                const columnUnits = (2 * outColumn + 1) * this.constants.width - this.constants.outWidth;
                const nearColumn = Math.floor((columnUnits + 0.5) / (2 * this.constants.outWidth));
                const columnRest =
                  (columnUnits - 2 * this.constants.outWidth * nearColumn) / (2 * this.constants.outWidth);
                let columnWeight = 0;
                for (let x = 0; x < 4; x++) {
                  const e = Math.abs(columnRest + 1 - x);
                  const share = e < 1 ? (1 - e) * (1 + e - 1.25 * e * e) : -0.75 * (e - 1) * (e - 2) * (e - 2);
                  const fromColumn = Math.min(Math.max(nearColumn - 1 + x, 0), this.constants.width - 1);
                  columnWeight += Math.abs(fromColumn - column) < 0.5 ? share : 0;
                }
                const unit = (outRow * this.constants.outWidth + outColumn) * this.constants.channels + channel;
                sum += rowWeight * columnWeight * error[this.thread.y * this.constants.outUnits + unit]!;
              }
            }
          }
        }
        return sum;
      },
    },
  },
  infer: ({ error }, attributes) => inferTransport("upsample-bicubic-transport", error, attributes, 4),
});
