import type { Projection } from "../../circuits/network.ts";
import type { Tensor } from "../../compute/trace.ts";
import { type PostsynapticError, sumOfErrors } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * A layered channel: the error at a population's rates is what its targets' errors send back, population by population
 * from the readout on, through weights that the caller names.
 *
 * With the forward weights themselves (transposed) this is the chain rule; it asks each synapse to carry errors
 * backwards with the weight it uses forwards, which biology is not known to do. With fixed random weights (feedback
 * alignment) each pair of populations needs a second, error-carrying pathway, but no weight is transported.
 * Sources: Rumelhart, Hinton & Williams 1986; Lillicrap, Cownden, Tweed & Akerman 2016.
 *
 * @param backward weights that carry errors back along a projection; undefined where it has none (pooling)
 * @returns error at the rates of every population that leads to the readout, by name
 */
export function layered(
  circuit: PlasticCircuit,
  backward: (projection: Projection) => Tensor | undefined,
): Map<string, PostsynapticError> {
  const atRates = new Map<string, PostsynapticError>([[circuit.readout.name, circuit.readoutError]]);
  const atDrives = new Map<string, PostsynapticError>();
  for (const population of [...circuit.populations].reverse()) {
    const returned = population.outgoing.flatMap((projection) => {
      const error = atDrives.get(projection.post);
      const rates = circuit.rates.get(projection.pre)!;
      return error ? [projection.transport(error, backward(projection), rates)] : [];
    });
    const own = atRates.get(population.name);
    const errors = own ? [own, ...returned] : returned;
    if (errors.length === 0) continue; // leads nowhere: no error, no update
    const total = sumOfErrors(errors);
    atRates.set(population.name, total);
    atDrives.set(population.name, circuit.localise(population, total));
  }
  return atRates;
}
