import * as z from "zod";
import {
  type UpsampleAttributes,
  upsampleBicubic,
  upsampleBicubicTransport,
  upsampleNearest,
  upsampleNearestTransport,
} from "../../compute/kernels/upsample.ts";
import { describeMap } from "../../compute/kernels/window.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import { defineTopology, type ProjectionLayout, type WiredProjection } from "./topology.ts";

const UpsampleSettings = z.strictObject({
  /** Default: nearest. */
  mode: z.enum(["nearest", "bicubic"]).default("nearest"),
});

/**
 * Each postsynaptic unit takes its drive from the units of its channel at the same place of a smaller map: from the nearest
 * one, site floor(r height / outHeight), or by bicubic interpolation, corners not aligned, a = -3/4. No weights.
 */
export const upsample = defineTopology({
  kind: "upsample",
  summary: "a larger map from a smaller one, channel by channel, without weights (mode: nearest, bicubic)",
  settings: UpsampleSettings,
  refuse: (_settings, layout) => upsampleMisfit(layout),
  build: ({ mode }, layout) => wire(layout, mode),
});

function upsampleMisfit({ pre, post }: ProjectionLayout): string | undefined {
  if (pre.dimension !== post.dimension)
    return `it keeps the dimension of units, here ${pre.dimension} and ${post.dimension}; give both the same`;
  if (pre.map.channels !== post.map.channels)
    return `it keeps channels apart, here ${pre.map.channels} and ${post.map.channels}; give both maps the same`;
  if (post.map.height < pre.map.height || post.map.width < pre.map.width)
    return `it leads to a larger map, here from ${describeMap(pre.map)} to ${describeMap(post.map)}; for a smaller one use a pool`;
  return undefined;
}

function wire({ pre, post }: ProjectionLayout, mode: "nearest" | "bicubic"): WiredProjection {
  const { height, width } = post.map;
  const sizes: UpsampleAttributes = { map: pre.map, height, width };
  const [forward, back] =
    mode === "nearest" ? [upsampleNearest, upsampleNearestTransport] : [upsampleBicubic, upsampleBicubicTransport];
  /** One row for each sample and component, and back. */
  const rows = (tensor: Tensor) => reshape(tensor, [tensor.shape[0]! * tensor.shape[1]!, tensor.shape[2]!]);
  const unrowed = (tensor: Tensor, like: Tensor, units: number) =>
    reshape(tensor, [like.shape[0]!, like.shape[1]!, units]);
  return {
    drive: (rates) => unrowed(forward({ rates: rows(rates) }, sizes).result, rates, post.units),
    transport(error): PostsynapticError {
      if (error.kind === "shared") {
        const scale = back({ error: scaleOf(error) }, sizes).result;
        return { kind: "shared", vector: error.vector, units: pre.units, scale };
      }
      return { kind: "own", delta: unrowed(back({ error: rows(error.delta) }, sizes).result, error.delta, pre.units) };
    },
  };
}
