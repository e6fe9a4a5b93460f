import { defineKernel, type KernelBody, type KernelValues } from "../kernel.ts";
import { expectRank, expectShape, type Shape } from "../shape.ts";
import { expectMap } from "./window.ts";
import {
  convolution,
  expectError,
  layoutOf,
  local,
  type Sharing,
  type WindowAttributes,
  type WindowSizes,
  type WindowThread,
} from "./window-layout.ts";

/** drive[n, g, p, f] = sum over the window at p of weight[g, p?, f, q] rates[n, unit under q]. */
const driveBody: KernelBody = function (this: WindowThread, rates: KernelValues, weight: KernelValues) {
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
const transportBody: KernelBody = function (this: WindowThread, error: KernelValues, weight: KernelValues) {
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
  return defineKernel<"rates" | "weight", "drive", WindowAttributes, WindowSizes>({
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
  return defineKernel<"error" | "weight", "result", WindowAttributes, WindowSizes>({
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

/** Drive through filters that all positions share. */
export const convolutionDrive = defineDrive(convolution);
/** Drive through weights of each position's own. */
export const localDrive = defineDrive(local);
/** Errors back through shared filters: the transpose of the drive. */
export const convolutionTransport = defineTransport(convolution);
/** Errors back through weights of each position's own: the transpose of the drive. */
export const localTransport = defineTransport(local);

function groupsOf(name: string, weight: Shape, weightRows: number, patch: number): number {
  expectRank(name, "weight", weight, 3);
  expectShape(name, "weight", weight, [weight[0]!, weightRows, patch]);
  return weight[0]!;
}
