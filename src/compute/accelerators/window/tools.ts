import type { BufferView, RunCall } from "../../accelerator.ts";
import type { Products } from "../products.ts";
import type { SimdExports } from "../simd/open-simd.ts";

/** Numbers frozen into a window kernel's call: see WindowAttributes. */
export interface WindowSizes {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
  readonly patch: number;
  readonly units: number;
  readonly postUnits: number;
  readonly groups: number;
  readonly samples: number;
  /** Rows of weights from one position to the next; 0 where positions share them. */
  readonly weightStep: number;
}

/** What a window accelerator works with. */
export interface Tools {
  readonly simd: SimdExports;
  readonly products: Products;
  /** A matrix at a byte offset of the program's memory. */
  view(offset: number, rows: number, columns: number): BufferView;
  /** Parts of the scratch region, by name. */
  readonly scratch: Readonly<Record<string, number>>;
  /** Bytes of patches that are gathered at a time. */
  readonly chunkBytes: number;
}

/** Up to this many places a patch is multiplied by the SIMD module: below, products spend their time on packing. */
const smallPatch = 32;

export const isSmall = ({ patch }: WindowSizes): boolean => patch <= smallPatch;

/** Positions a map of drives has. */
export const positionsOf = ({ outHeight, outWidth }: WindowSizes): number => outHeight * outWidth;

/** Patches that are gathered at a time, at least one. */
export function rowsAtOnce({ patch }: WindowSizes, chunkBytes: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(chunkBytes / (4 * patch))));
}

/** Where patches of positions [first, first + count) of successive samples lie. */
interface PatchRows {
  readonly offset: number;
  /** From one patch to the next; 0 where each sample has one. */
  readonly rowBytes: number;
  readonly sampleBytes: number;
  readonly samples: number;
  readonly first: number;
  readonly count: number;
}

/** Copies patches out of maps; `maps` is where the first sample's map begins. */
export function gather({ simd }: Tools, sizes: WindowSizes, maps: number, rows: PatchRows): void {
  const { height, width, channels, kernel, stride, padding, outWidth, units } = sizes;
  const { offset, rowBytes, sampleBytes, samples, first, count } = rows;
  simd.gatherPatches!(
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
export function scatter({ simd }: Tools, sizes: WindowSizes, maps: number, rows: PatchRows): void {
  const { height, width, channels, kernel, stride, padding, outWidth, units } = sizes;
  const { offset, rowBytes, sampleBytes, samples, first, count } = rows;
  simd.addPatches!(
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

/** Some positions of one sample. */
interface Stretch {
  readonly sample: number;
  readonly first: number;
  readonly count: number;
}

/** The patches of stretches that lie one after another from `offset` on. */
export function eachStretch(
  { patch }: WindowSizes,
  stretches: readonly Stretch[],
  offset: number,
  visit: (sample: number, rows: PatchRows) => void,
): void {
  const rowBytes = 4 * patch;
  let at = offset;
  for (const { sample, first, count } of stretches) {
    visit(sample, { offset: at, rowBytes, sampleBytes: count * rowBytes, samples: 1, first, count });
    at += count * rowBytes;
  }
}

/** Positions of all stretches together. */
export const lengthOf = (stretches: readonly Stretch[]): number => stretches.reduce((sum, { count }) => sum + count, 0);

/** Cuts positions [first, first + count) of samples [from, to) into lists of at most `rows` positions each. */
export function cut(from: number, to: number, first: number, count: number, rows: number): Stretch[][] {
  const chunks: Stretch[][] = [];
  let chunk: Stretch[] = [];
  let room = rows;
  for (let sample = from; sample < to; sample++)
    for (let done = 0; done < count; ) {
      const taken = Math.min(room, count - done);
      chunk.push({ sample, first: first + done, count: taken });
      done += taken;
      room -= taken;
      if (room === 0) {
        chunks.push(chunk);
        chunk = [];
        room = rows;
      }
    }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/** Work around products: what is gathered before them, and what is done with their results. */
export interface Job {
  prepare(): void;
  readonly products: readonly RunCall[];
  finish?(): void;
}

/** Runs jobs one after the other: what one gathers and multiplies is still in the cache when it is finished. */
export function inOrder(jobs: readonly Job[]): RunCall {
  return async () => {
    for (const { prepare, products, finish } of jobs) {
      prepare();
      for (const product of products) await product();
      finish?.();
    }
  };
}
