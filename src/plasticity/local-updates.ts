import type { PopulationState, Signal } from "../circuits/activity.ts";
import { isLearning, type Population, type WeightedProjection } from "../circuits/network.ts";
import { multiplyTransposed } from "../compute/kernels/contraction.ts";
import { add, ones } from "../compute/kernels/pointwise.ts";
import { sumPositions } from "../compute/kernels/reduction.ts";
import { reshape, type Tensor } from "../compute/trace.ts";
import { type PostsynapticError, scaleOf, sumOfErrors } from "../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "./plastic-circuit.ts";

/** Updates by the name of the parameter they are for, to be descended along; what is frozen has none. */
export type Updates = ReadonlyMap<string, Tensor>;

/**
 * The local update that all error-driven rules share: for each projection postsynaptic error times presynaptic rate,
 * for each bias the postsynaptic error, summed over the batch (errors carry the weights that make it a mean), over the time
 * steps, and over the positions that share the parameter.
 *
 * @param errors error at the rates of populations at a time step, as a channel delivered it
 */
export function localUpdates(
  circuit: PlasticCircuit,
  errors: ReadonlyMap<PopulationState, PostsynapticError>,
): Updates {
  const arrivals = circuit.activity.states.flatMap((state) => {
    const error = errors.get(state);
    return error ? state.incoming.map((signal) => ({ signal, error: () => signal.localise(error) })) : [];
  });
  const atDrives = circuit.activity.states.flatMap((state): [PopulationState, PostsynapticError][] => {
    const error = errors.get(state);
    return error ? [[state, state.localise(error)]] : [];
  });
  return new Map([...weightUpdates(circuit, arrivals), ...biasUpdates(atDrives)]);
}

/**
 * The same from errors at the drives; what modulates rates has none there and does not learn, nor do units whose rates are
 * held.
 *
 * @param errors error at the drive of populations at a time step, of the circuit's activity or of a perturbed one
 */
export function updatesFromDrives(
  circuit: PlasticCircuit,
  errors: ReadonlyMap<PopulationState, PostsynapticError>,
): Updates {
  const atDrives = [...errors].map(([state, error]): [PopulationState, PostsynapticError] => [
    state,
    state.release ? state.release(error) : error,
  ]);
  const arrivals = atDrives.flatMap(([state, error]) =>
    state.incoming
      .filter(({ projection }) => projection.strength === undefined)
      .map((signal) => ({ signal, error: () => error })),
  );
  return new Map([...weightUpdates(circuit, arrivals), ...biasUpdates(atDrives)]);
}

/** A signal and the error of what it brings; found only where it is needed. */
interface Arrival {
  readonly signal: Signal;
  error(): PostsynapticError;
}

function weightUpdates(circuit: PlasticCircuit, arrivals: readonly Arrival[]): Map<string, Tensor> {
  // Errors that meet the same message are added before they are multiplied with it: one product instead of one a step.
  const groups = new Map<string, { projection: WeightedProjection; message: Tensor; errors: PostsynapticError[] }>();
  for (const { signal, error } of arrivals) {
    const { projection, message } = signal;
    if (!isLearning(projection)) continue;
    const key = `${projection.weight} ${message.id}`;
    const group = groups.get(key) ?? { projection, message, errors: [] };
    group.errors.push(error());
    groups.set(key, group);
  }
  const updates = new Map<string, Tensor>();
  for (const { projection, message, errors } of groups.values()) {
    const { weight } = projection;
    const update = projection.update(message, sumOfErrors(errors), circuit.mask(projection));
    const sum = updates.get(weight);
    updates.set(weight, sum ? add({ left: sum, right: update }).result : update);
  }
  return updates;
}

function biasUpdates(errors: readonly (readonly [PopulationState, PostsynapticError])[]): Map<string, Tensor> {
  const byPopulation = new Map<Population, PostsynapticError[]>();
  for (const [{ population }, error] of errors)
    if (population.bias && !population.frozen)
      byPopulation.set(population, [...(byPopulation.get(population) ?? []), error]);
  return new Map(
    [...byPopulation].map(([population, all]): [string, Tensor] => {
      // Errors of units in a row are small and often summed already, for the weights from a constant input.
      const inRow = population.periods.bias === population.units;
      const parts = inRow ? [sumOfErrors(all)] : all;
      const updates = parts.map((error) => biasUpdate(population, error));
      return [population.bias!, updates.reduce((left, right) => add({ left, right }).result)];
    }),
  );
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
