import type { WindowSizes } from "../../kernels/window-layout.ts";
import type { Workspace } from "../workspace.ts";

/** Patches that are gathered at a time, at least one. */
export function rowsAtOnce({ patch }: WindowSizes, chunkBytes: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(chunkBytes / (4 * patch))));
}

/** Where patches of positions [first, first + count) of successive samples lie. */
export interface PatchRows {
  readonly offset: number;
  /** From one patch to the next; 0 where each sample has one. */
  readonly rowBytes: number;
  readonly sampleBytes: number;
  readonly samples: number;
  readonly first: number;
  readonly count: number;
}

/** Copies patches out of maps; `maps` is where the first sample's map begins. */
export function gather({ simd }: Workspace, sizes: WindowSizes, maps: number, rows: PatchRows): void {
  const { height, width, channels, kernel, stride, padding, outWidth, units } = sizes;
  const { offset, rowBytes, sampleBytes, samples, first, count } = rows;
  simd.gatherPatches(
    maps,
    4 * units,
    samples,
    offset,
    sampleBytes,
    rowBytes,
    height,
    width,
    channels,
    kernel,
    stride,
    padding,
    outWidth,
    first,
    count,
  );
}

/** The transpose of `gather`: adds patches to the maps. */
export function scatter({ simd }: Workspace, sizes: WindowSizes, maps: number, rows: PatchRows): void {
  const { height, width, channels, kernel, stride, padding, outWidth, units } = sizes;
  const { offset, rowBytes, sampleBytes, samples, first, count } = rows;
  simd.addPatches(
    offset,
    sampleBytes,
    rowBytes,
    samples,
    maps,
    4 * units,
    height,
    width,
    channels,
    kernel,
    stride,
    padding,
    outWidth,
    first,
    count,
  );
}
