import type { BufferView, RunCall } from "./accelerator.ts";
import type { Products } from "./products.ts";
import type { SimdExports } from "./simd/open-simd.ts";

/** What a step put together from products and the SIMD module works with, in a program's memory. */
export interface Workspace {
  readonly simd: SimdExports;
  readonly products: Products;
  /** A matrix at a byte offset of the program's memory. */
  view(offset: number, rows: number, columns: number): BufferView;
  /** Parts of the scratch region, by name. */
  readonly scratch: Readonly<Record<string, number>>;
  /** Bytes of patches that are gathered at a time. */
  readonly chunkBytes: number;
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
