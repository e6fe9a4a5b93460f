import type * as filters from "../../src/compute/kernels/filters.ts";
import { at, axis, type OraclesOf } from "./kernels-oracle.ts";

/** Filters turned by half a turn, with filters and channels exchanged. */
export const filtersOracles: OraclesOf<typeof filters> = {
  turnFilters({ weight }, { kernel }) {
    const rows = axis(weight, 0);
    const channels = axis(weight, 1) / kernel ** 2;
    const result = new Float64Array(rows * kernel ** 2 * channels);
    for (let row = 0; row < rows; row++)
      for (let y = 0; y < kernel; y++)
        for (let x = 0; x < kernel; x++)
          for (let channel = 0; channel < channels; channel++) {
            const opposite = (kernel - 1 - y) * kernel + (kernel - 1 - x);
            result[(channel * kernel ** 2 + opposite) * rows + row] = at(
              weight,
              row,
              (y * kernel + x) * channels + channel,
            );
          }
    return { result };
  },
};
