import type { PopulationState } from "../../circuits/activity.ts";
import { isPlastic, type Population } from "../../circuits/network.ts";
import { multiplyMatrices } from "../../compute/kernels/contraction.ts";
import { add } from "../../compute/kernels/pointwise.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * Direct, fixed random weights: the readout's error e reaches each population that has something to learn at once, through a matrix of its own,
 * delta_j = sum_c B_cj e_c, the same for each time step. Where a circuit reports several targets, e is all of their
 * errors one after the other, and B has the rows of them all. No weight is transported and no layer waits for the next;
 * the price is a projection from the readouts to every unit. States that the loss depends on directly have their own
 * error.
 * Source: Nokland 2016; Clark, Abbott & Chung 2021, section 4.
 *
 * @param feedback rows of B that lead from the report of an index to a population, [classes, units]
 */
export function direct(
  circuit: PlasticCircuit,
  feedback: (population: Population, report: number) => Tensor,
): Map<PopulationState, PostsynapticError> {
  const { activity, readouts, stateErrors, errorVectors } = circuit;
  return new Map(
    activity.states.flatMap((state): [PopulationState, PostsynapticError][] => {
      const own = stateErrors.get(state);
      if (own) return [[state, own]];
      if (readouts.includes(state.population) || !isPlastic(state.population)) return [];
      const delta = errorVectors
        .map((left, report) => multiplyMatrices({ left, right: feedback(state.population, report) }).product)
        .reduce((left, right) => add({ left, right }).result);
      return [[state, { kind: "own", delta: reshape(delta, [delta.shape[0]!, 1, state.population.units]) }]];
    }),
  );
}
