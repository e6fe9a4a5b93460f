import { multiplyByTranspose, multiplyMatrices, multiplyTransposed } from "../../compute/kernels/contraction.ts";
import { projectOnVector } from "../../compute/kernels/gate.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import { dimensionMisfit } from "./dimensions.ts";
import { defineTopology, type ProjectionLayout, type WiredProjection } from "./topology.ts";

/**
 * Every presynaptic to every postsynaptic unit; a map is flattened in the order of its units (row, column, channel).
 *
 * Between populations of one dimension K a weight is a scalar shared by the K components: v_i = sum_j W_ij h_j.
 * From scalar to vector units each component has weights of its own, v_ik = sum_j W_k,ij x_j. This is the first layer
 * of a vectorized network, whose input unit (k, j) carries x_j in component k alone; the K-fold input is never built.
 */
export const dense = defineTopology({
  kind: "dense",
  summary: "every presynaptic to every postsynaptic unit",
  refuse: (_settings, layout) => dimensionMisfit(layout),
  build: (_settings, layout) => (layout.pre.dimension === layout.post.dimension ? shared(layout) : spreading(layout)),
});

/** One weight for all components. */
export function shared({ pre, post }: ProjectionLayout): WiredProjection {
  const dimension = post.dimension;
  const channels = { postChannels: post.map.channels, preChannels: pre.map.channels };
  /** One row for each sample and component. */
  const rows = (tensor: Tensor, units: number) => reshape(tensor, [tensor.shape[0]! * dimension, units]);
  return {
    weights: {
      shape: [post.units, pre.units],
      axes: ["post", "pre"],
      copies: 1,
      post: post.units,
      pre: pre.units,
      ...channels,
    },
    drive(rates, weight) {
      const { product } = multiplyByTranspose({ left: rows(rates, pre.units), right: weight! });
      return reshape(product, [rates.shape[0]!, dimension, post.units]);
    },
    transport(error, weight): PostsynapticError {
      if (error.kind === "shared")
        return {
          kind: "shared",
          vector: error.vector,
          units: pre.units,
          scale: multiplyMatrices({ left: scaleOf(error), right: weight! }).product,
        };
      const { product } = multiplyMatrices({ left: rows(error.delta, post.units), right: weight! });
      return { kind: "own", delta: reshape(product, [error.delta.shape[0]!, dimension, pre.units]) };
    },
    update(rates, error) {
      // sum_k delta_ik h_jk = scale_i (vector . h_j): the vector is contracted first, a K-th of the work.
      if (error.kind === "shared")
        return multiplyTransposed({
          left: scaleOf(error),
          right: projectOnVector({ rates, vector: error.vector }).result,
        }).product;
      return multiplyTransposed({ left: rows(error.delta, post.units), right: rows(rates, pre.units) }).product;
    },
  };
}

/** Scalar presynaptic units, weights for every component: an ordinary layer from n to K N units. */
function spreading({ pre, post }: ProjectionLayout): WiredProjection {
  const shape = [post.dimension, post.units, pre.units];
  const channels = { postChannels: post.map.channels, preChannels: pre.map.channels };
  const flat = (tensor: Tensor, columns: number) => reshape(tensor, [tensor.shape[0]!, columns]);
  const matrix = (weight: Tensor) => reshape(weight, [post.dimension * post.units, pre.units]);
  return {
    weights: {
      shape,
      axes: ["component", "post", "pre"],
      copies: post.dimension,
      post: post.units,
      pre: pre.units,
      ...channels,
    },
    drive(rates, weight) {
      const { product } = multiplyByTranspose({ left: flat(rates, pre.units), right: matrix(weight!) });
      return reshape(product, [rates.shape[0]!, post.dimension, post.units]);
    },
    transport(error, weight) {
      const delta = flat(deltaOf(error), post.dimension * post.units);
      const { product } = multiplyMatrices({ left: delta, right: matrix(weight!) });
      return { kind: "own", delta: reshape(product, [product.shape[0]!, 1, pre.units]) };
    },
    update(rates, error) {
      const delta = flat(deltaOf(error), post.dimension * post.units);
      return reshape(multiplyTransposed({ left: delta, right: flat(rates, pre.units) }).product, shape);
    },
  };
}
