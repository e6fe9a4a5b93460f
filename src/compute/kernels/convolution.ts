import { defineKernel, type KernelBody, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, type Shape } from "../shape.ts";
import { expectMap, type MapSize, unitsOfMap, type Window, windowConstants } from "./window.ts";

/**
 * Projections between maps through windows. Rates are [samples, units], a map's units in the order row, column, channel;
 * weights are [groups, rows, patch]: a patch holds the presynaptic units under a window, again in the order row, column,
 * channel; rows are the filters of a convolution, which all positions share, or positions x filters of a local
 * projection. Groups are sets of weights that see the same rates: the K components of vector units that scalar units
 * drive. Drives and errors are [samples, groups, positions x filters].
 */
export interface WindowAttributes extends Window {
  /** The presynaptic map. */
  readonly map: MapSize;
  /** Postsynaptic channels. */
  readonly filters: number;
}

type Sizes = KernelThread<
  | "height"
  | "width"
  | "channels"
  | "kernel"
  | "stride"
  | "padding"
  | "outHeight"
  | "outWidth"
  | "filters"
  | "patch"
  | "units"
  | "postUnits"
  | "groups"
  | "samples"
  | "weightRows"
  | "weightStep"
>;

/** Whether positions have weights of their own. */
interface Sharing {
  readonly name: string;
  readonly perPosition: boolean;
}

function layoutOf(name: string, { perPosition }: Sharing, { map, filters, ...window }: WindowAttributes) {
  const { constants, positions, patch } = windowConstants(name, map, window);
  return {
    constants: {
      ...constants,
      filters,
      patch,
      units: unitsOfMap(map),
      postUnits: positions * filters,
      weightRows: perPosition ? positions * filters : filters,
      /** Rows of weights from one position to the next. */
      weightStep: perPosition ? filters : 0,
    },
    units: unitsOfMap(map),
    postUnits: positions * filters,
    patch,
    weightRows: perPosition ? positions * filters : filters,
  };
}

/** drive[n, g, p, f] = sum over the window at p of weight[g, p?, f, q] rates[n, unit under q]. */
const driveBody: KernelBody = function (this: Sizes, rates: KernelValues, weight: KernelValues) {
  const position = Math.floor(this.thread.x / this.constants.filters);
  const filter = this.thread.x - position * this.constants.filters;
  const outRow = Math.floor(position / this.constants.outWidth);
  const top = outRow * this.constants.stride - this.constants.padding;
  const left = (position - outRow * this.constants.outWidth) * this.constants.stride - this.constants.padding;
  const weightRow = this.thread.y * this.constants.weightRows + position * this.constants.weightStep + filter;
  let sum = 0;
  for (let y = 0; y < this.constants.kernel; y++) {
    const row = top + y;
    if (row >= 0 && row < this.constants.height) {
      for (let x = 0; x < this.constants.kernel; x++) {
        const column = left + x;
        if (column >= 0 && column < this.constants.width) {
          const unit = (row * this.constants.width + column) * this.constants.channels;
          const place = (y * this.constants.kernel + x) * this.constants.channels;
          for (let c = 0; c < this.constants.channels; c++) {
            sum +=
              rates[this.thread.z * this.constants.units + unit + c]! *
              weight[weightRow * this.constants.patch + place + c]!;
          }
        }
      }
    }
  }
  return sum;
};

/** result[n, unit] = sum over groups, filters and the windows that see the unit of weight error. */
const transportBody: KernelBody = function (this: Sizes, error: KernelValues, weight: KernelValues) {
  const site = Math.floor(this.thread.x / this.constants.channels);
  const channel = this.thread.x - site * this.constants.channels;
  const row = Math.floor(site / this.constants.width);
  const column = site - row * this.constants.width;
  let sum = 0;
  for (let y = 0; y < this.constants.kernel; y++) {
    const outRow = Math.floor((row + this.constants.padding - y) / this.constants.stride);
    const rowFits = Math.abs(outRow * this.constants.stride - (row + this.constants.padding - y)) < 0.5 ? 1 : 0;
    if (rowFits > 0.5 && outRow >= 0 && outRow < this.constants.outHeight) {
      for (let x = 0; x < this.constants.kernel; x++) {
        const outColumn = Math.floor((column + this.constants.padding - x) / this.constants.stride);
        const columnFits =
          Math.abs(outColumn * this.constants.stride - (column + this.constants.padding - x)) < 0.5 ? 1 : 0;
        if (columnFits > 0.5 && outColumn >= 0 && outColumn < this.constants.outWidth) {
          const position = outRow * this.constants.outWidth + outColumn;
          const place = (y * this.constants.kernel + x) * this.constants.channels + channel;
          for (let g = 0; g < this.constants.groups; g++) {
            const weightRow = g * this.constants.weightRows + position * this.constants.weightStep;
            const errorStart =
              (this.thread.y * this.constants.groups + g) * this.constants.postUnits +
              position * this.constants.filters;
            for (let f = 0; f < this.constants.filters; f++) {
              sum += error[errorStart + f]! * weight[(weightRow + f) * this.constants.patch + place]!;
            }
          }
        }
      }
    }
  }
  return sum;
};

function defineDrive(sharing: Sharing) {
  const name = `${sharing.name}-drive`;
  return defineKernel<"rates" | "weight", "drive", WindowAttributes>({
    name,
    family: "contraction",
    inputs: ["rates", "weight"],
    launch: "shaped",
    outputs: { drive: { reads: ["rates", "weight"], body: driveBody } },
    infer({ rates, weight }, attributes) {
      const { constants, units, postUnits, patch, weightRows } = layoutOf(name, sharing, attributes);
      expectRank(name, "rates", rates, 2);
      expectMap(name, "rates", rates, units);
      const groups = groupsOf(name, weight, weightRows, patch);
      const samples = rates[0]!;
      return {
        shapes: { drive: [samples, groups, postUnits] },
        constants: { ...constants, groups, samples },
        flops: 2 * samples * groups * postUnits * patch,
      };
    },
  });
}

function defineTransport(sharing: Sharing) {
  const name = `${sharing.name}-transport`;
  return defineKernel<"error" | "weight", "result", WindowAttributes>({
    name,
    family: "contraction",
    inputs: ["error", "weight"],
    launch: "shaped",
    outputs: { result: { reads: ["error", "weight"], body: transportBody } },
    infer({ error, weight }, attributes) {
      const { constants, units, postUnits, patch, weightRows } = layoutOf(name, sharing, attributes);
      const groups = groupsOf(name, weight, weightRows, patch);
      const samples = expectError(name, error, groups, postUnits);
      return {
        shapes: { result: [samples, units] },
        constants: { ...constants, groups, samples },
        flops: 2 * samples * groups * postUnits * patch,
      };
    },
  });
}

const convolution: Sharing = { name: "convolution", perPosition: false };
const local: Sharing = { name: "local", perPosition: true };

/** Drive through filters that all positions share. */
export const convolutionDrive = defineDrive(convolution);
/** Drive through weights of each position's own. */
export const localDrive = defineDrive(local);
/** Errors back through shared filters: the transpose of the drive. */
export const convolutionTransport = defineTransport(convolution);
/** Errors back through weights of each position's own: the transpose of the drive. */
export const localTransport = defineTransport(local);

/** update[g, f, q] = sum over samples and positions of error[n, g, p, f] rates[n, unit under q at p]. */
export const convolutionUpdate = defineKernel<"error" | "rates", "update", WindowAttributes>({
  name: "convolution-update",
  family: "contraction",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    update: {
      reads: ["error", "rates"],
      body: function (this: Sizes, error: KernelValues, rates: KernelValues) {
        const place = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - place * this.constants.channels;
        const y = Math.floor(place / this.constants.kernel);
        const x = place - y * this.constants.kernel;
        let sum = 0;
        for (let n = 0; n < this.constants.samples; n++) {
          const errorStart = (n * this.constants.groups + this.thread.z) * this.constants.postUnits + this.thread.y;
          for (let outRow = 0; outRow < this.constants.outHeight; outRow++) {
            const row = outRow * this.constants.stride - this.constants.padding + y;
            if (row >= 0 && row < this.constants.height) {
              for (let outColumn = 0; outColumn < this.constants.outWidth; outColumn++) {
                const column = outColumn * this.constants.stride - this.constants.padding + x;
                if (column >= 0 && column < this.constants.width) {
                  const position = outRow * this.constants.outWidth + outColumn;
                  const unit = (row * this.constants.width + column) * this.constants.channels + channel;
                  sum +=
                    error[errorStart + position * this.constants.filters]! * rates[n * this.constants.units + unit]!;
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
    const inferred = inferUpdate("convolution-update", convolution, { error, rates }, attributes);
    const { groups, filters, patch } = inferred.constants;
    return { ...inferred, shapes: { update: [groups, filters, patch] } };
  },
});

/**
 * The same for each sample alone, of a single group: update[n, f, q] = sum over positions of error[n, p, f]
 * rates[n, unit under q at p]. Where all components of an error are one vector times a factor of each unit, it is
 * contracted with the vector afterwards, a K-th of the work.
 */
export const convolutionSampleUpdate = defineKernel<"error" | "rates", "update", WindowAttributes>({
  name: "convolution-sample-update",
  family: "contraction",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    update: {
      reads: ["error", "rates"],
      body: function (this: Sizes, error: KernelValues, rates: KernelValues) {
        const place = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - place * this.constants.channels;
        const y = Math.floor(place / this.constants.kernel);
        const x = place - y * this.constants.kernel;
        const errorStart = this.thread.z * this.constants.postUnits + this.thread.y;
        let sum = 0;
        for (let outRow = 0; outRow < this.constants.outHeight; outRow++) {
          const row = outRow * this.constants.stride - this.constants.padding + y;
          if (row >= 0 && row < this.constants.height) {
            for (let outColumn = 0; outColumn < this.constants.outWidth; outColumn++) {
              const column = outColumn * this.constants.stride - this.constants.padding + x;
              if (column >= 0 && column < this.constants.width) {
                const position = outRow * this.constants.outWidth + outColumn;
                const unit = (row * this.constants.width + column) * this.constants.channels + channel;
                sum +=
                  error[errorStart + position * this.constants.filters]! *
                  rates[this.thread.z * this.constants.units + unit]!;
              }
            }
          }
        }
        return sum;
      },
    },
  },
  infer({ error, rates }, attributes) {
    const inferred = inferUpdate("convolution-sample-update", convolution, { error, rates }, attributes, 1);
    const { samples, filters, patch } = inferred.constants;
    return { ...inferred, shapes: { update: [samples, filters, patch] } };
  },
});

/** update[g, p, f, q] = sum over samples of error[n, g, p, f] rates[n, unit under q at p]. */
export const localUpdate = defineKernel<"error" | "rates", "update", WindowAttributes>({
  name: "local-update",
  family: "contraction",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    update: {
      reads: ["error", "rates"],
      body: function (this: Sizes, error: KernelValues, rates: KernelValues) {
        const place = Math.floor(this.thread.x / this.constants.channels);
        const channel = this.thread.x - place * this.constants.channels;
        const y = Math.floor(place / this.constants.kernel);
        const x = place - y * this.constants.kernel;
        const position = Math.floor(this.thread.y / this.constants.filters);
        const outRow = Math.floor(position / this.constants.outWidth);
        const row = outRow * this.constants.stride - this.constants.padding + y;
        const column =
          (position - outRow * this.constants.outWidth) * this.constants.stride - this.constants.padding + x;
        let sum = 0;
        if (row >= 0 && row < this.constants.height && column >= 0 && column < this.constants.width) {
          const unit = (row * this.constants.width + column) * this.constants.channels + channel;
          for (let n = 0; n < this.constants.samples; n++) {
            sum +=
              error[(n * this.constants.groups + this.thread.z) * this.constants.postUnits + this.thread.y]! *
              rates[n * this.constants.units + unit]!;
          }
        }
        return sum;
      },
    },
  },
  infer({ error, rates }, attributes) {
    const inferred = inferUpdate("local-update", local, { error, rates }, attributes);
    const { groups, postUnits, patch } = inferred.constants;
    return { ...inferred, shapes: { update: [groups, postUnits, patch] } };
  },
});

function groupsOf(name: string, weight: Shape, weightRows: number, patch: number): number {
  expectRank(name, "weight", weight, 3);
  expectShape(name, "weight", weight, [weight[0]!, weightRows, patch]);
  return weight[0]!;
}

function expectError(name: string, error: Shape, groups: number, postUnits: number): number {
  expectRank(name, "error", error, 3);
  expectShape(name, "error", error, [error[0]!, groups, postUnits]);
  return error[0]!;
}

function inferUpdate(
  name: string,
  sharing: Sharing,
  { error, rates }: { error: Shape; rates: Shape },
  attributes: WindowAttributes,
  fixedGroups?: number,
) {
  const { constants, units, postUnits, patch } = layoutOf(name, sharing, attributes);
  expectRank(name, "rates", rates, 2);
  expectMap(name, "rates", rates, units);
  const groups = fixedGroups ?? error[1]!;
  const samples = expectError(name, error, groups, postUnits);
  expectShape(name, "rates", rates, [samples, units]);
  return {
    constants: { ...constants, groups, samples },
    flops: 2 * samples * groups * postUnits * patch,
  };
}
