import type { TracedStep } from "../step.ts";
import type { Availability, BoundCall, BufferView, RunCall } from "./accelerator.ts";

/** Which operands of a product are transposed. */
export type Transposes = readonly [left: boolean, right: boolean];

/**
 * Multiplications up to which a product is small: to call a library takes about as long as the product itself, and one thread
 * has done it before another has woken up (measured with ONNX Runtime: 256 x 100 x 100 in 52 us alone, in 66 us on two cores).
 */
export const smallProduct = 2 ** 22;

/** Matrix products in the program's memory: product = op(left) op(right). All views are matrices. */
export interface Products {
  /** Prepares one product of fixed operands; running it allocates nothing of their size. */
  bind(left: BufferView, right: BufferView, product: BufferView, transposes: Transposes): RunCall;
  /** Prepares a stretch of steps, all of which the provider takes; its inputs and outputs lie apart. */
  bindStretch?(stretch: BoundCall): RunCall;
  dispose(): Promise<void>;
}

/** A library of matrix products: all that a contraction provider must offer. */
export interface ProductProvider {
  readonly name: string;
  /** Whether a step can be part of a stretch, which its products then bind; none can where this is absent. */
  readonly takes?: (step: TracedStep) => boolean;
  probe(): Promise<Availability>;
  /** @throws DeviceError with the reason when it is not available */
  open(): Promise<Products>;
}
