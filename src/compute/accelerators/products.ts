import type { Availability, BufferView, RunCall } from "../accelerator.ts";

/** Which operands of a product are transposed. */
export type Transposes = readonly [left: boolean, right: boolean];

/** Matrix products in the program's memory: product = op(left) op(right). All views are matrices. */
export interface Products {
  /** Prepares one product of fixed operands; running it allocates nothing of their size. */
  bind(left: BufferView, right: BufferView, product: BufferView, transposes: Transposes): RunCall;
  dispose(): Promise<void>;
}

/** A library of matrix products: all that a contraction provider must offer. */
export interface ProductProvider {
  readonly name: string;
  probe(): Promise<Availability>;
  /** @throws DeviceError with the reason when it is not available */
  open(): Promise<Products>;
}
