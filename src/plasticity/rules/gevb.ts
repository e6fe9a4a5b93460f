import { isPlastic, type Population } from "../../circuits/network.ts";
import { broadcastVector } from "../channels/broadcast-vector.ts";
import { localUpdates } from "../local-updates.ts";
import { defineRule } from "./rule.ts";

/**
 * Global error-vector broadcasting. With e = softmax(y) - target and g_i = [unit i is on] (1 at the readout), per sample
 *
 *   dW_ij = g_i (h_j . e),   db_i = g_i e,
 *
 * averaged over the batch: presynaptic rate along the broadcast vector, times whether the postsynaptic unit is on. From
 * scalar presynaptic units x_j, dW_k,ij = g_i e_k x_j. Weights that positions of a map share gather the updates of all
 * positions.
 *
 * In a network with non-negative weights beyond the first layer each per-sample update has the sign of the gradient, of
 * dense and local projections and with average pools. Two things break this: a convolution's weight, where each
 * position's share has the gradient's sign but their sum need not (the gradient weighs positions by their influence on the
 * readout, the rule all alike); and a max pool, which sends back those components of the error alone that a unit won.
 * Biases keep the sign in convolutions too. With ON/OFF weights the update becomes proportional to the gradient as the
 * network widens.
 *
 * Plausible: local in space and time, one global signal, no weight transport, sign constraints obeyed. Not shown in
 * brains: that synapses read a vector signal of K components, and a unit's rate as a vector.
 * Source: Clark, Abbott & Chung 2021, sections 2 to 4.
 */
export const gevb = defineRule({
  kind: "gevb",
  summary: "global error-vector broadcasting: presynaptic rate along the broadcast error, where the unit is on",
  refuse(_settings, { populations, readouts }) {
    const [readout, second] = readouts as [Population, ...Population[]];
    if (second)
      return `one error vector is broadcast, and the circuit has several readouts: ${readouts.map(({ name }) => `"${name}"`).join(", ")}`;
    if (readout.units !== 1 || readout.dimension === 1)
      return `the error vector needs a readout of one vector unit, "${readout.name}" has ${readout.units} of dimension ${readout.dimension}`;
    const other = populations.find((population) => isPlastic(population) && population.dimension !== readout.dimension);
    return other
      ? `every population that learns must have units of the readout's dimension ${readout.dimension}, those of "${other.name}" have ${other.dimension}`
      : undefined;
  },
  build: () => ({
    updates: (circuit) => localUpdates(circuit, broadcastVector(circuit)),
  }),
});
