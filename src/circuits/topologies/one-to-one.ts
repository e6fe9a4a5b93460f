import { defineTopology, type WiredProjection } from "./topology.ts";

/** Each presynaptic unit drives the postsynaptic unit of the same index, v_i = h_i; no weights, and nothing to compute. */
export const oneToOne = defineTopology({
  kind: "one-to-one",
  summary: "each unit to the unit of the same index, without weights",
  refuse(_settings, { pre, post }) {
    if (pre.units !== post.units)
      return `it takes two populations of one size, here ${pre.units} and ${post.units} units; give both the same`;
    if (pre.dimension !== post.dimension)
      return `it keeps the dimension of units, here ${pre.dimension} and ${post.dimension}; give both the same`;
    return undefined;
  },
  build: () => identity,
});

const identity: WiredProjection = { drive: (rates) => rates, transport: (error) => error };
