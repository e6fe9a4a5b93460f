import type { Shape } from "../../compute/shape.ts";
import type { Tensor } from "../../compute/trace.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";

/** Sizes of the two populations of a projection. */
export interface ProjectionSizes {
  readonly pre: { readonly units: number; readonly dimension: number };
  readonly post: { readonly units: number; readonly dimension: number };
}

/**
 * Which units a projection connects, compiled for two populations. The three operations are linear in their tensors;
 * a topology knows nothing of learning rules, and rules know topologies only through them.
 */
export interface WiredProjection {
  /** [post, pre]; from scalar to vector populations [dimension, post, pre]. */
  readonly weightShape: Shape;
  /** Number of inputs that sum up at one postsynaptic unit. */
  readonly fanIn: number;
  /** Drive of the postsynaptic population [batch, dimension, units] from presynaptic rates. */
  drive(weight: Tensor, rates: Tensor): Tensor;
  /** Carries an error at the postsynaptic drive back to the presynaptic rates, through the weights given. */
  transport(weight: Tensor, error: PostsynapticError): PostsynapticError;
  /** Postsynaptic error times presynaptic rate, summed over the batch; in the weights' shape. */
  update(rates: Tensor, error: PostsynapticError): Tensor;
}

export interface Topology {
  readonly summary: string;
  /** Why two populations cannot be connected so; undefined where they can. */
  refuse(sizes: ProjectionSizes): string | undefined;
  wire(sizes: ProjectionSizes): WiredProjection;
}
