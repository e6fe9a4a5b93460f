import type { PopulationState } from "../../circuits/activity.ts";
import { isPlastic, type Population } from "../../circuits/network.ts";
import { multiplyMatrices } from "../../compute/kernels/contraction.ts";
import { add } from "../../compute/kernels/pointwise.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { addError, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";
import { heardLater } from "./heard-later.ts";

/**
 * Direct, fixed random weights: the error e of what is reported reaches each population that has something to learn at
 * once, through a matrix of its own,
 *
 *   delta_j(s) = sum over t >= s of sum_c B_cj e_c(t),
 *
 * with e(t) the error of what was reported at time step t: where a circuit decides once, at the last step, all steps hear
 * the same. Where it reports several targets, e is all of their errors one after the other, and B has the rows of them
 * all. No weight is transported and no layer waits for the next; the price is a projection from the readouts to every unit.
 * States that the loss depends on directly have their own error, and what a rate costs by itself adds to either.
 * Source: Nokland 2016; Clark, Abbott & Chung 2021, section 4.
 *
 * @param feedback rows of B that lead from the report of an index to a population, [units of the report, units]
 */
export function direct(
  circuit: PlasticCircuit,
  feedback: (population: Population, report: number) => Tensor,
): Map<PopulationState, PostsynapticError> {
  const { activity, readouts, stateErrors, errorVectors, rateCosts } = circuit;
  const errors = new Map<PopulationState, PostsynapticError>();
  for (const state of activity.states) {
    const { population, step } = state;
    const own = stateErrors.get(state);
    const heard = readouts.includes(population) || !isPlastic(population) ? new Map() : heardLater(errorVectors, step);
    if (own) errors.set(state, own);
    else if (heard.size > 0) {
      const delta = [...heard]
        .map(([report, left]) => multiplyMatrices({ left, right: feedback(population, report) }).product)
        .reduce((left, right) => add({ left, right }).result);
      errors.set(state, { kind: "own", delta: reshape(delta, [delta.shape[0]!, 1, population.units]) });
    }
    const cost = rateCosts.get(state);
    if (cost) addError(errors, state, cost);
  }
  return errors;
}
