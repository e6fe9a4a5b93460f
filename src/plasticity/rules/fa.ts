import { isWeighted, type Network, type Projection, type WeightedProjection } from "../../circuits/network.ts";
import { multiply } from "../../compute/kernels/pointwise.ts";
import { layered } from "../channels/layered.ts";
import { localUpdates } from "../local-updates.ts";
import { defineRule, type FixedValue } from "./rule.ts";
import { scalarUnitsOnly } from "./scalar-units.ts";

/** Name of the feedback weights along a projection. */
const feedbackName = (projection: string) => `feedback/${projection}`;

/**
 * Feedback alignment: errors travel back layer by layer through fixed random weights B instead of the transposed ones,
 *
 *   dW_ij = delta_i h_j,   db_i = delta_i,   delta = local slope * (sum over targets of B' delta).
 *
 * B of a projection has the shape and sign constraint of its weights and is drawn as they were, from a stream of its own;
 * where only some of the weights exist, so do their counterparts in B.
 *
 * Plausible: no weight is transported; forward weights come to align with the feedback. Not: a second pathway that
 * mirrors the forward one unit by unit, and errors that travel while activity waits.
 * Source: Lillicrap, Cownden, Tweed & Akerman 2016.
 */
export const fa = defineRule({
  kind: "fa",
  summary: "feedback alignment: errors carried back layer by layer through fixed random weights",
  refuse: (_settings, network) => scalarUnitsOnly(network),
  build: () => ({
    fixed: (network) =>
      Object.fromEntries(
        feedbackProjections(network).map((projection): [string, FixedValue] => {
          const name = feedbackName(projection.name);
          const draw: FixedValue["draw"] = (random) => projection.draw(random);
          return [name, { shape: projection.weights.shape, stream: name, draw }];
        }),
      ),
    updates(circuit) {
      const backward = (projection: Projection) => {
        if (projection.weight === undefined) return undefined;
        const feedback = circuit.kept(feedbackName(projection.name));
        const mask = circuit.mask(projection);
        return mask ? multiply({ left: feedback, right: mask }).result : feedback;
      };
      return localUpdates(circuit, layered(circuit, backward));
    },
  }),
});

/** Projections that errors travel back along: all with weights but those from the input. */
function feedbackProjections({ projections, inputs }: Network): WeightedProjection[] {
  return projections.filter(isWeighted).filter(({ pre }) => !inputs.some(({ name }) => name === pre));
}
