import type { Activity, Network, Population, Projection } from "../circuits/network.ts";
import { multiplyTransposed } from "../compute/kernels/contraction.ts";
import { ones } from "../compute/kernels/pointwise.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../neurons/postsynaptic-error.ts";

/** All that a rule or channel may know of a circuit while a batch is in it. */
export interface PlasticCircuit {
  /** Populations in the order in which activity reached them; the readout is one of them. */
  readonly populations: readonly Population[];
  readonly readout: Population;
  /** The readout's error, weighted per sample. */
  readonly readoutError: PostsynapticError;
  /** [batch, classes], the same as a plain vector. */
  readonly errorVector: Tensor;
  /** Rates of the input and of every population, by name. */
  readonly rates: ReadonlyMap<string, Tensor>;
  /** Error at a population's drive from the error at its rates. */
  localise(population: Population, error: PostsynapticError): PostsynapticError;
  /** Weights of a projection at the start of the step. */
  weight(projection: Projection): Tensor;
}

/** Updates by the name of the parameter they are for, to be descended along. */
export type Updates = ReadonlyMap<string, Tensor>;

/** Shows an activity and its error to rules and channels. */
export function plasticCircuit(trace: Trace, network: Network, activity: Activity, error: Tensor): PlasticCircuit {
  const { readout } = network;
  const batch = error.shape[0]!;
  return {
    populations: network.populations,
    readout,
    readoutError:
      readout.units === 1 && readout.dimension > 1
        ? { kind: "shared", vector: error, units: 1 }
        : { kind: "own", delta: reshape(error, [batch, readout.dimension, readout.units]) },
    errorVector: error,
    rates: activity.rates,
    localise: (population, atRates) => activity.activations.get(population.name)!.localise(atRates),
    weight: (projection) => trace.resident(projection.weight),
  };
}

/**
 * The local update that all error-driven rules share: for each projection postsynaptic error times presynaptic rate,
 * for each bias the postsynaptic error, summed over the batch (errors carry the weights that make it a mean).
 *
 * @param errors error at the rates of every population, as a channel delivered it
 */
export function localUpdates(circuit: PlasticCircuit, errors: ReadonlyMap<string, PostsynapticError>): Updates {
  const updates = new Map<string, Tensor>();
  for (const population of circuit.populations) {
    const atRates = errors.get(population.name);
    if (!atRates) continue;
    const error = circuit.localise(population, atRates);
    for (const projection of population.incoming)
      updates.set(projection.weight, projection.update(circuit.rates.get(projection.pre)!, error));
    if (population.bias) updates.set(population.bias, biasUpdate(population, error));
  }
  return updates;
}

/** sum_b delta[b, k, n], [dimension, units]. */
function biasUpdate({ dimension, units }: Population, error: PostsynapticError): Tensor {
  if (error.kind === "shared") return multiplyTransposed({ left: error.vector, right: scaleOf(error) }).product;
  const delta = deltaOf(error);
  const batch = delta.shape[0]!;
  const { result } = ones({ like: delta }, { shape: [batch, 1] });
  const { product } = multiplyTransposed({ left: result, right: reshape(delta, [batch, dimension * units]) });
  return reshape(product, [dimension, units]);
}
