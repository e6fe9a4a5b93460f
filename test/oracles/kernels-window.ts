import type { MapSize, Window } from "../../src/compute/kernels/window.ts";
import { sum } from "./kernels-oracle.ts";

/** Where a window stands on a map that is written out with its border, place by place. */
export interface WindowSites {
  /** Positions, row by row. */
  readonly positions: number;
  /** Places under the window, in the order row, column, channel. */
  readonly patch: number;
  /** The unit under a place of the window at a position; undefined beyond the border. */
  unit(position: number, place: number): number | undefined;
}

export function sitesOf({ height, width, channels }: MapSize, { kernel, stride, padding }: Window): WindowSites {
  const starts = (size: number) => {
    const found: number[] = [];
    for (let start = -padding; start + kernel <= size + padding; start += stride) found.push(start);
    return found;
  };
  const corners = starts(height).flatMap((row) => starts(width).map((column) => [row, column] as const));
  const places: (readonly [row: number, column: number, channel: number])[] = [];
  for (let y = 0; y < kernel; y++)
    for (let x = 0; x < kernel; x++) for (let channel = 0; channel < channels; channel++) places.push([y, x, channel]);
  return {
    positions: corners.length,
    patch: places.length,
    unit(position, place) {
      const [top, left] = corners[position]!;
      const [y, x, channel] = places[place]!;
      const [row, column] = [top + y, left + x];
      if (row < 0 || row >= height || column < 0 || column >= width) return undefined;
      return (row * width + column) * channels + channel;
    },
  };
}

/** A sum over the places of a window whose units exist. */
export function sumUnderWindow(
  sites: WindowSites,
  position: number,
  term: (unit: number, place: number) => number,
): number {
  return sum(sites.patch, (place) => {
    const unit = sites.unit(position, place);
    return unit === undefined ? 0 : term(unit, place);
  });
}
