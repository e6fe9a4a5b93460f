import { defineKernel, type KernelValues } from "../kernel.ts";
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

/** update[g, f, q] = sum over samples and positions of error[n, g, p, f] rates[n, unit under q at p]. */
export const convolutionUpdate = defineKernel<"error" | "rates", "update", WindowAttributes, WindowSizes>({
  name: "convolution-update",
  family: "contraction",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    update: {
      reads: ["error", "rates"],
      body: function (this: WindowThread, error: KernelValues, rates: KernelValues) {
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
export const convolutionSampleUpdate = defineKernel<"error" | "rates", "update", WindowAttributes, WindowSizes>({
  name: "convolution-sample-update",
  family: "contraction",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    update: {
      reads: ["error", "rates"],
      body: function (this: WindowThread, error: KernelValues, rates: KernelValues) {
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
export const localUpdate = defineKernel<"error" | "rates", "update", WindowAttributes, WindowSizes>({
  name: "local-update",
  family: "contraction",
  inputs: ["error", "rates"],
  launch: "shaped",
  outputs: {
    update: {
      reads: ["error", "rates"],
      body: function (this: WindowThread, error: KernelValues, rates: KernelValues) {
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
