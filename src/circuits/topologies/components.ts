import { ones } from "../../compute/kernels/pointwise.ts";
import { sumPositions } from "../../compute/kernels/reduction.ts";
import { scale } from "../../compute/kernels/scaling.ts";
import { reshape } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import { defineTopology, type ProjectionLayout, type WiredProjection } from "./topology.ts";

/**
 * A vector unit heard by as many scalar units as it has components, each by one of them, v_k = h_k; no weights, and nothing
 * to compute. So scalar populations hear what one vector unit reports.
 */
export const components = defineTopology({
  kind: "components",
  summary: "one vector unit to a scalar unit for each of its components, without weights",
  refuse(_settings, { pre, post }) {
    if (pre.units === 1 && post.dimension === 1 && post.units === pre.dimension) return undefined;
    return `it leads from one vector unit to a scalar unit for each of its components, here from ${inWords(pre)} to ${inWords(post)}; give one unit of dimension K and K units of dimension 1`;
  },
  build: (_settings, { pre }) => spelling(pre.dimension),
});

/**
 * Each vector unit drives the scalar unit of the same index by the mean of its components, v_i = sum_k h_ik / K; no weights.
 * So scalar populations hear how active vector units are, whatever they are active for.
 */
export const componentMean = defineTopology({
  kind: "component-mean",
  summary: "each vector unit to the scalar unit of the same index by the mean of its components, without weights",
  refuse(_settings, { pre, post }) {
    if (pre.units === post.units && post.dimension === 1) return undefined;
    return `it leads to a scalar unit for each presynaptic one, here from ${inWords(pre)} to ${inWords(post)}; give both the same number of units, and the postsynaptic ones dimension 1`;
  },
  build: (_settings, { pre }) => averaging(pre),
});

const inWords = ({ units, dimension }: ProjectionLayout["pre"]) =>
  `${units} ${units === 1 ? "unit" : "units"} of dimension ${dimension}`;

function spelling(dimension: number): WiredProjection {
  return {
    drive: (rates) => reshape(rates, [rates.shape[0]!, 1, dimension]),
    transport(error): PostsynapticError {
      const delta = deltaOf(error);
      return { kind: "shared", vector: reshape(delta, [delta.shape[0]!, dimension]), units: 1 };
    },
  };
}

function averaging({ units, dimension }: ProjectionLayout["pre"]): WiredProjection {
  return {
    drive(rates) {
      const { result } = scale({ values: sumPositions({ values: rates }).sums }, { factor: 1 / dimension });
      return reshape(result, [rates.shape[0]!, 1, units]);
    },
    transport(error): PostsynapticError {
      const delta = deltaOf(error);
      const batch = delta.shape[0]!;
      // All components of a unit hear the same: one vector for all units, scaled by the error of each.
      const { result: all } = ones({ like: delta }, { shape: [batch, dimension] });
      const vector = scale({ values: all }, { factor: 1 / dimension }).result;
      return { kind: "shared", vector, units, scale: reshape(delta, [batch, units]) };
    },
  };
}
