import type { Availability, BufferView, RunCall } from "../accelerator.ts";

/** Which operands of a product are transposed. */
export type Transposes = readonly [left: boolean, right: boolean];

/** What a product multiplies. */
export interface Operands {
  readonly left: BufferView;
  readonly right: BufferView;
  readonly transposes: Transposes;
}

/**
 * Multiplications up to which a product is small: to call a library takes about as long as the product itself, and one thread
 * has done it before another has woken up (measured with ONNX Runtime: 256 x 100 x 100 in 52 us alone, in 66 us on two cores).
 */
export const smallProduct = 2 ** 22;

/** Matrix products in the program's memory: product = op(left) op(right). All views are matrices. */
export interface Products {
  /** Prepares one product of fixed operands; running it allocates nothing of their size. */
  bind(left: BufferView, right: BufferView, product: BufferView, transposes: Transposes): RunCall;
  /** Prepares the sum of small products and, where there is one, an addend of the sum's shape, which it must not lie on. */
  bindSum(products: readonly Operands[], addend: BufferView | undefined, sum: BufferView): RunCall;
  dispose(): Promise<void>;
}

/** A library of matrix products: all that a contraction provider must offer. */
export interface ProductProvider {
  readonly name: string;
  probe(): Promise<Availability>;
  /** @throws DeviceError with the reason when it is not available */
  open(): Promise<Products>;
}
