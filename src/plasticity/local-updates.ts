import { isWeighted, type Population } from "../circuits/network.ts";
import { multiplyTransposed } from "../compute/kernels/contraction.ts";
import { ones } from "../compute/kernels/pointwise.ts";
import { sumPositions } from "../compute/kernels/reduction.ts";
import { reshape, type Tensor } from "../compute/trace.ts";
import { type PostsynapticError, scaleOf } from "../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "./plastic-circuit.ts";

/** Updates by the name of the parameter they are for, to be descended along. */
export type Updates = ReadonlyMap<string, Tensor>;

/**
 * The local update that all error-driven rules share: for each projection postsynaptic error times presynaptic rate,
 * for each bias the postsynaptic error, summed over the batch (errors carry the weights that make it a mean) and over
 * the positions that share the parameter.
 *
 * @param errors error at the rates of populations, by name, as a channel delivered it
 */
export function localUpdates(circuit: PlasticCircuit, errors: ReadonlyMap<string, PostsynapticError>): Updates {
  const atDrives = circuit.populations.flatMap((population): [string, PostsynapticError][] => {
    const error = errors.get(population.name);
    return error ? [[population.name, circuit.localise(population, error)]] : [];
  });
  return updatesFromDrives(circuit.populations, new Map(atDrives), circuit.rates);
}

/**
 * The same from errors at the drives.
 *
 * @param rates presynaptic rates, by name
 */
export function updatesFromDrives(
  populations: readonly Population[],
  atDrives: ReadonlyMap<string, PostsynapticError>,
  rates: ReadonlyMap<string, Tensor>,
): Updates {
  const updates = new Map<string, Tensor>();
  for (const population of populations) {
    const error = atDrives.get(population.name);
    if (!error) continue;
    for (const projection of population.incoming)
      if (isWeighted(projection)) updates.set(projection.weight, projection.update(rates.get(projection.pre)!, error));
    if (population.bias) updates.set(population.bias, biasUpdate(population, error));
  }
  return updates;
}

/** sum over samples, and over the positions that share a bias, of delta[b, k, n]: [dimension, period]. */
function biasUpdate({ dimension, units, periods }: Population, error: PostsynapticError): Tensor {
  const period = periods.bias;
  /** [rows, units] to [rows, period]. */
  const gathered = (tensor: Tensor, rows: number) =>
    period === units
      ? reshape(tensor, [rows, units])
      : sumPositions({ values: reshape(tensor, [rows, units / period, period]) }).sums;
  if (error.kind === "shared") {
    const batch = error.vector.shape[0]!;
    return multiplyTransposed({ left: error.vector, right: gathered(scaleOf(error), batch) }).product;
  }
  const batch = error.delta.shape[0]!;
  const { result } = ones({ like: error.delta }, { shape: [batch, 1] });
  const right = reshape(gathered(error.delta, batch * dimension), [batch, dimension * period]);
  return reshape(multiplyTransposed({ left: result, right }).product, [dimension, period]);
}
