import * as z from "zod";
import { shared } from "./dense.ts";
import { masked } from "./masked.ts";
import { defineTopology } from "./topology.ts";

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
  build({ density, connections }, { pre, post }) {
    const pairs = post.units * pre.units;
    const count = connections ?? Math.floor(density! * pairs);
    return masked(shared({ pre, post }), (random) => {
      const mask = new Float32Array(pairs);
      for (const pair of random.permutation(pairs).subarray(0, count)) mask[pair] = 1;
      return mask;
    });
  },
});
