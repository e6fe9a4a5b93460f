/**
 * A topology of one's own: units on a ring, each connected to its neighbours. Train a circuit with such a projection by
 *
 *   sulcus run docs/examples/own-topology.yaml --use docs/examples/own-topology.ts
 */
import { definePlugin, defineTopology, masked, z } from "sulcus";

/**
 * Unit i of n stands at the angle 360 i / n. Two units are connected where their angles differ by at most `reach`; the weights of
 * all other pairs do not exist. With `self: false` no unit is connected to itself.
 */
const ring = defineTopology({
  kind: "ring",
  summary: "neighbours on a ring (reach in degrees; self)",
  settings: z.strictObject({
    /** Degrees. */
    reach: z.number().min(0).max(180).default(45),
    self: z.boolean().default(true),
  }),
  refuse: (_settings, { pre, post }) =>
    pre.dimension === post.dimension
      ? undefined
      : `it connects units of one dimension, here ${pre.dimension} and ${post.dimension}; give both the same`,
  build({ reach, self }, layout, library) {
    const { pre, post } = layout;
    const connected = (i: number, j: number) => {
      const apart = Math.abs((360 * i) / post.units - (360 * j) / pre.units);
      return Math.min(apart, 360 - apart) <= reach && (self || apart > 0);
    };
    // Weights are indexed [post, pre].
    const mask = Float32Array.from({ length: post.units * pre.units }, (_, pair) =>
      connected(Math.floor(pair / pre.units), pair % pre.units) ? 1 : 0,
    );
    return masked(library.build("topology", "dense", layout), () => mask);
  },
});

export default definePlugin({ name: "ring", parts: [ring] });
