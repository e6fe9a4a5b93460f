import { isPlastic, isWeighted, type Network } from "../../circuits/network.ts";
import { direct } from "../channels/direct.ts";
import { localUpdates } from "../local-updates.ts";
import { defineRule, type FixedValue } from "./rule.ts";
import { scalarUnitsOnly } from "./scalar-units.ts";

/** Name of a population's feedback weights from the report of an index. */
const feedbackName = (population: string, report: number) =>
  report === 0 ? `feedback/${population}` : `feedback/${population}/${report}`;

/** Name of the stream that the feedback matrix of a report is drawn from. */
const streamName = (report: number) => (report === 0 ? "feedback" : `feedback/${report}`);

/**
 * Direct feedback alignment: the readout's error reaches every hidden population at once through fixed random weights,
 *
 *   dW_ij = delta_i h_j,   db_i = delta_i,   delta_j = local slope * sum_c B_cj e_c.
 *
 * B is uniform in [-1, 1], in [0, 1] where all weights beyond the input are >= 0; one matrix for the network, of
 * which a population of N units takes the first N columns. Where a circuit reports several targets, c runs over the classes
 * of all of them: each report has a matrix of its own, and every hidden unit hears of the errors of all.
 *
 * Plausible: no weight transport, no waiting for the layer above. Not: a projection from the readout to every unit of the
 * network whose errors do not mix with its activity.
 * Sources: Nokland 2016; Clark, Abbott & Chung 2021, section 4.
 */
export const dfa = defineRule({
  kind: "dfa",
  summary: "direct feedback alignment: the readout's error through fixed random weights to every population at once",
  refuse: (_settings, network) => scalarUnitsOnly(network),
  build: () => ({
    fixed: (network) =>
      Object.fromEntries(
        network.populations
          .filter((population) => isPlastic(population) && !network.readouts.includes(population))
          .flatMap(({ name, units }) =>
            network.reports.map(({ index, units: reported }) => [
              feedbackName(name, index),
              feedbackMatrix(network, [reported, units], streamName(index)),
            ]),
          ),
      ),
    updates: (circuit) =>
      localUpdates(
        circuit,
        direct(circuit, ({ name }, report) => circuit.kept(feedbackName(name, report))),
      ),
  }),
});

/** The first columns of the one feedback matrix of a report: drawn column by column, from the same stream for all. */
function feedbackMatrix(
  { projections, inputs }: Network,
  [reported, units]: readonly [number, number],
  stream: string,
): FixedValue {
  const beyond = projections.filter(isWeighted).filter(({ pre }) => !inputs.some(({ name }) => name === pre));
  const least = beyond.length > 0 && beyond.every(({ constraint }) => constraint.bounds.minimum >= 0) ? 0 : -1;
  return {
    shape: [reported, units],
    stream,
    draw(random) {
      const matrix = new Float32Array(reported * units);
      for (let unit = 0; unit < units; unit++)
        for (let c = 0; c < reported; c++) matrix[c * units + unit] = least + (1 - least) * random.uniform();
      return matrix;
    },
  };
}
