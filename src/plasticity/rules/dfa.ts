import { isPlastic, type Network } from "../../circuits/network.ts";
import { direct } from "../channels/direct.ts";
import { localUpdates } from "../local-updates.ts";
import { defineRule, type FixedValue, noSettings } from "./rule.ts";
import { scalarUnitsOnly } from "./scalar-units.ts";

/** Name of a population's feedback weights. */
const feedbackName = (population: string) => `feedback/${population}`;

/**
 * Direct feedback alignment: the readout's error reaches every hidden population at once through fixed random weights,
 *
 *   dW_ij = delta_i h_j,   db_i = delta_i,   delta_j = local slope * sum_c B_cj e_c.
 *
 * B is uniform in [-1, 1], in [0, 1] where all weights beyond the input are excitatory; one matrix for the network, of
 * which a population of N units takes the first N columns.
 *
 * Plausible: no weight transport, no waiting for the layer above. Not: a projection from the readout to every unit of the
 * network whose errors do not mix with its activity.
 * Sources: Nokland 2016; Clark, Abbott & Chung 2021, section 4.
 */
export const dfa = defineRule({
  name: "dfa",
  summary: "direct feedback alignment: the readout's error through fixed random weights to every population at once",
  settings: noSettings,
  build: () => ({
    refuse: scalarUnitsOnly,
    fixed: (network) =>
      Object.fromEntries(
        network.populations
          .filter((population) => isPlastic(population) && !network.readouts.includes(population))
          .map(({ name, units }) => [feedbackName(name), feedbackMatrix(network, units)]),
      ),
    updates: (circuit) =>
      localUpdates(
        circuit,
        direct(circuit, ({ name }) => circuit.kept(feedbackName(name))),
      ),
  }),
});

/** The first columns of the network's one feedback matrix: drawn column by column, from the same stream for all. */
function feedbackMatrix({ classes, projections, inputs }: Network, units: number): FixedValue {
  const beyond = projections.filter(
    ({ weight, pre }) => weight !== undefined && !inputs.some(({ name }) => name === pre),
  );
  const least = beyond.length > 0 && beyond.every(({ sign }) => sign === "excitatory") ? 0 : -1;
  return {
    shape: [classes, units],
    stream: "feedback",
    draw(random) {
      const matrix = new Float32Array(classes * units);
      for (let unit = 0; unit < units; unit++)
        for (let c = 0; c < classes; c++) matrix[c * units + unit] = least + (1 - least) * random.uniform();
      return matrix;
    },
  };
}
