import * as z from "zod";
import { multiply } from "../../compute/kernels/pointwise.ts";
import { sizeOf } from "../../compute/shape.ts";
import { shared } from "./dense.ts";
import { defineTopology, type WiredProjection } from "./topology.ts";

/** One of the two. */
const SparseSettings = z
  .strictObject({
  /** Share of all pairs of units that are connected, 0 to 1. */
  density: z.number().min(0).max(1).optional(),
  /** Or how many. */
  connections: z.int().min(0).optional(),
})
  .refine(
    ({ density, connections }) => (density === undefined) !== (connections === undefined),
    "it takes either density (0 to 1) or connections (a number of them)",
  );

/**
 * A fixed random part of the dense projection between populations of one dimension: exactly floor(density post pre) of its
 * connections, or a number of them, drawn once without replacement. None at all is allowed: such a projection is silent.
 * Initialisers take n_in as in the dense projection, so that a connection is as strong whatever the density.
 */
export const sparse = defineTopology({
  kind: "sparse",
  summary: "a fixed random part of the dense projection (density, or connections)",
  settings: SparseSettings,
  refuse({ connections }, { pre, post }) {
    if (pre.dimension !== post.dimension)
      return `it connects units of one dimension, here ${pre.dimension} and ${post.dimension}; give both the same`;
    const pairs = post.units * pre.units;
    if (connections !== undefined && connections > pairs)
      return `it cannot have ${connections} connections between ${pre.units} and ${post.units} units; use at most ${pairs}`;
    return undefined;
  },
  build: ({ density, connections }, { pre, post }) =>
    masked(shared({ pre, post }), connections ?? Math.floor(density! * post.units * pre.units)),
});

function masked(wired: WiredProjection, connections: number): WiredProjection {
  const { shape } = wired.weights!;
  return {
    ...wired,
    mask: {
      shape,
      draw(random) {
        const mask = new Float32Array(sizeOf(shape));
        for (const pair of random.permutation(mask.length).subarray(0, connections)) mask[pair] = 1;
        return mask;
      },
    },
    update(rates, error, mask) {
      if (!mask) throw new Error("the update of a sparse projection needs its mask");
      return multiply({ left: wired.update!(rates, error), right: mask }).result;
    },
  };
}
