import { type PopulationState, scaleError } from "../../circuits/activity.ts";
import type { Projection } from "../../circuits/network.ts";
import type { Tensor } from "../../compute/trace.ts";
import { type PostsynapticError, sumOfErrors } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * A layered channel: the error at a population's rates is what its targets' errors send back, from the readouts at the last
 * time step on, population by population and step by step, through weights that the caller names.
 *
 * With the forward weights themselves (transposed) this is the chain rule, through time where signals take time; it asks
 * each synapse to carry errors backwards with the weight it uses forwards, which biology is not known to do, and a circuit
 * to remember what it did at every step. With fixed random weights (feedback alignment) each pair of populations needs a
 * second, error-carrying pathway, but no weight is transported.
 * Sources: Rumelhart, Hinton & Williams 1986; Werbos 1990; Lillicrap, Cownden, Tweed & Akerman 2016.
 *
 * @param backward weights that carry errors back along a projection; undefined where it has none (pooling)
 * @returns error at the rates of every state that leads to the loss
 */
export function layered(
  circuit: PlasticCircuit,
  backward: (projection: Projection) => Tensor | undefined,
): Map<PopulationState, PostsynapticError> {
  const atRates = new Map<PopulationState, PostsynapticError>();
  const carried = new Map<PopulationState, PostsynapticError>();
  for (const state of [...circuit.activity.states].reverse()) {
    const errors = state.outgoing.flatMap((signal) => {
      const error = atRates.get(signal.post);
      return error ? [signal.transport(signal.localise(error), backward(signal.projection))] : [];
    });
    const own = circuit.stateErrors.get(state);
    if (own) errors.unshift(own);
    const cost = circuit.rateCosts.get(state);
    if (cost) errors.push(cost);
    const stayed = carried.get(state);
    if (stayed) errors.push(stayed);
    if (errors.length === 0) continue; // leads nowhere: no error, no update
    const total = sumOfErrors(errors);
    atRates.set(state, total);
    if (!state.before) continue;
    const moving = state.release ? state.release(total) : total;
    carried.set(state.before, scaleError(moving, 1 - state.population.leak));
  }
  return atRates;
}
