import { type PostsynapticError, sumOfErrors } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * Layered, transposed weights: the error at a population's rates is what its targets' errors send back through the
 * forward weights, population by population from the readout on. This is the chain rule; it asks each synapse to carry
 * errors backwards with the weight it uses forwards, which biology is not known to do.
 * Source: Rumelhart, Hinton & Williams 1986.
 */
export function layeredTransposed(circuit: PlasticCircuit): Map<string, PostsynapticError> {
  const atRates = new Map<string, PostsynapticError>([[circuit.readout.name, circuit.readoutError]]);
  const atDrives = new Map<string, PostsynapticError>();
  for (const population of [...circuit.populations].reverse()) {
    const returned = population.outgoing.flatMap((projection) => {
      const error = atDrives.get(projection.post);
      return error ? [projection.transport(circuit.weight(projection), error)] : [];
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
