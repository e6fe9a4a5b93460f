import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, expectRank } from "../shape.ts";

/**
 * Filters as the transposed convolution has them: result[c, (k - 1 - y, k - 1 - x), f] = weight[f, (y, x), c], from
 * [filters, kernel^2 channels] to [channels, kernel^2 filters]. Turned twice they are what they were.
 */
export const turnFilters = defineKernel<"weight", "result", { readonly kernel: number }>({
  name: "turn-filters",
  family: "pointwise",
  inputs: ["weight"],
  launch: "shaped",
  outputs: {
    result: {
      reads: ["weight"],
      body: function (this: KernelThread<"places" | "filters" | "channels">, weight: KernelValues) {
        const place = Math.floor(this.thread.x / this.constants.filters);
        const filter = this.thread.x - place * this.constants.filters;
        const opposite = this.constants.places - 1 - place;
        return weight[(filter * this.constants.places + opposite) * this.constants.channels + this.thread.y]!;
      },
    },
  },
  infer({ weight }, { kernel }) {
    expectRank("turn-filters", "weight", weight, 2);
    const [filters, columns] = weight as [number, number];
    const places = kernel * kernel;
    const channels = columns / places;
    if (!Number.isInteger(channels))
      throw new ShapeError(
        `turn-filters: "weight" has shape ${describeShape(weight)}, expected a multiple of ${places} columns, ${kernel} x ${kernel} places`,
      );
    return {
      shapes: { result: [channels, places * filters] },
      constants: { places, filters, channels },
      flops: 0,
    };
  },
});
