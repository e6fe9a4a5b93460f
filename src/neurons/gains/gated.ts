import { applyGate, vectorGateMask } from "../../compute/kernels/gate.ts";
import { multiply } from "../../compute/kernels/pointwise.ts";
import { defineNeuron } from "../neuron.ts";
import { scaleOf } from "../postsynaptic-error.ts";
import { gatingVectors } from "./gating-vectors.ts";

/**
 * The vector gate, for populations of dimension 2 or more: h_i = v_i [t_i . v_i >= 0] with fixed random gating vectors t_i,
 * opposite in each pair of units; in a map one for each channel, shared by the positions, or one for each unit.
 * Its slope is the gate itself, one factor a unit, so a shared error stays shared.
 * Source: Clark, Abbott & Chung 2021, section 3.
 */
export const gated = defineNeuron({
  kind: "gated",
  summary: "vector units: rate = drive where gating vector . drive >= 0, else 0",
  refuse: (_settings, { dimension }) => (dimension === 1 ? "it needs vector units, of dimension 2 or more" : undefined),
  build: (_settings, { dimension, period, units }) => ({
    constants: {
      gatingVectors: {
        shape: [dimension, period],
        axes: ["component", period === units ? "unit" : "channel"],
        draw: (random) => gatingVectors(period, dimension, random),
      },
    },
    activate(drive, constants) {
      const { mask } = vectorGateMask({ drive, gatingVectors: constants.gatingVectors! });
      return {
        rates: applyGate({ values: drive, mask }).result,
        localise(error) {
          if (error.kind === "own") return { kind: "own", delta: applyGate({ values: error.delta, mask }).result };
          const scale = error.scale ? multiply({ left: scaleOf(error), right: mask }).result : mask;
          return { ...error, scale };
        },
      };
    },
  }),
});
