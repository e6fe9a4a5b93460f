import * as z from "zod";
import {
  averagePool as averagePoolKernel,
  averagePoolTransport,
  maxPool as maxPoolKernel,
  maxPoolTransport,
  type PoolingAttributes,
} from "../../compute/kernels/pooling.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import { defineTopology, type ProjectionLayout, type WiredProjection } from "./topology.ts";
import { mapMisfit } from "./windowed.ts";

const PoolingSettings = z
  .strictObject({
    /** Side of the window, units. */
    size: z.int().min(1),
    /** Units from one window to the next; default: the size. */
    stride: z.int().min(1).optional(),
  })
  .overwrite(({ size, stride = size }) => ({ size, stride }));

/** Each postsynaptic unit has the mean rate of the units of its channel under its window; no weights. */
export const averagePool = defineTopology({
  kind: "average-pool",
  summary: "mean over windows of a map, channel by channel, without weights (size, stride)",
  settings: PoolingSettings,
  refuse: (settings, layout) => poolingMisfit(layout, attributesOf(layout, settings)),
  build: (settings, layout) => averaging(layout, attributesOf(layout, settings)),
});

/**
 * Each postsynaptic unit has the largest rate of the units of its channel under its window (of a vector unit the largest
 * of each component); no weights. Errors go back to that one unit.
 */
export const maxPool = defineTopology({
  kind: "max-pool",
  summary: "maximum over windows of a map, channel by channel, without weights (size, stride)",
  settings: PoolingSettings,
  refuse: (settings, layout) => poolingMisfit(layout, attributesOf(layout, settings)),
  build: (settings, layout) => selecting(layout, attributesOf(layout, settings)),
});

function attributesOf({ pre }: ProjectionLayout, { size, stride = size }: z.output<typeof PoolingSettings>) {
  return { map: pre.map, kernel: size, stride, padding: 0 };
}

function poolingMisfit(layout: ProjectionLayout, attributes: PoolingAttributes): string | undefined {
  const { pre, post } = layout;
  if (pre.dimension !== post.dimension)
    return `pooling keeps the dimension of units, here ${pre.dimension} and ${post.dimension}; give both the same`;
  if (pre.map.channels !== post.map.channels)
    return `pooling keeps channels apart, here ${pre.map.channels} and ${post.map.channels}; give both maps the same`;
  return mapMisfit(layout, attributes);
}

/** One row for each sample and component, and back. */
const rows = (tensor: Tensor) => reshape(tensor, [tensor.shape[0]! * tensor.shape[1]!, tensor.shape[2]!]);
const unrowed = (tensor: Tensor, like: Tensor, units: number) =>
  reshape(tensor, [like.shape[0]!, like.shape[1]!, units]);

function averaging({ pre, post }: ProjectionLayout, attributes: PoolingAttributes): WiredProjection {
  return {
    drive: (rates) => unrowed(averagePoolKernel({ rates: rows(rates) }, attributes).pooled, rates, post.units),
    transport(error): PostsynapticError {
      if (error.kind === "shared") {
        const scale = averagePoolTransport({ error: scaleOf(error) }, attributes).result;
        return { kind: "shared", vector: error.vector, units: pre.units, scale };
      }
      const { result } = averagePoolTransport({ error: rows(error.delta) }, attributes);
      return { kind: "own", delta: unrowed(result, error.delta, pre.units) };
    },
  };
}

function selecting({ pre, post }: ProjectionLayout, attributes: PoolingAttributes): WiredProjection {
  return {
    drive: (rates) => unrowed(maxPoolKernel({ rates: rows(rates) }, attributes).pooled, rates, post.units),
    transport(error, _weight, rates) {
      const delta = deltaOf(error);
      const { result } = maxPoolTransport({ error: rows(delta), rates: rows(rates) }, attributes);
      return { kind: "own", delta: unrowed(result, delta, pre.units) };
    },
  };
}
