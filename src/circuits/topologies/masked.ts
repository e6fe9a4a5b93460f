import { multiply } from "../../compute/kernels/pointwise.ts";
import type { RandomStream } from "../../compute/random.ts";
import type { WiredProjection } from "./topology.ts";

/**
 * A wired projection of which only some weights exist: all others are 0 from the start, and their updates are 0.
 *
 * @param wired a projection with weights
 * @param draw which exist, row-major in the weights' shape: 1 where two units are connected, else 0; absent: it is given
 */
export function masked(wired: WiredProjection, draw?: (random: RandomStream) => Float32Array): WiredProjection {
  return {
    ...wired,
    mask: { shape: wired.weights!.shape, ...(draw && { draw }) },
    update(rates, error, mask) {
      if (!mask) throw new Error("the update of a projection with a mask needs the mask");
      return multiply({ left: wired.update!(rates, error), right: mask }).result;
    },
  };
}
