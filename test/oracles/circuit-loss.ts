import type { CircuitDescription, PopulationDescription } from "../../src/circuits/description.ts";
import { partOf } from "../../src/kinds/kind.ts";
import { mapOf, periodOf, unitsOf } from "./circuit-layout.ts";
import { type Wiring, wiringsOf } from "./circuit-wiring.ts";

/** Values of a circuit's parameters by resident name. */
export type ParameterValues = ReadonlyMap<string, ArrayLike<number>>;

/** Losses of the samples of a batch, and how far each sample is from a place where the circuit has a kink. */
export interface SampleLosses {
  readonly losses: readonly number[];
  readonly margins: readonly number[];
}

/** Rates or drives of a population, [component][unit]. */
export type Components = number[][];

/** What a circuit does with one stimulus. */
export interface Response {
  /** By name, of the input too. */
  readonly rates: ReadonlyMap<string, Components>;
  readonly drives: ReadonlyMap<string, Components>;
  readonly scores: readonly number[];
  /** Smallest distance of a drive from a kink of its gain, and of two rates that compete in a maximum. */
  readonly margin: number;
}

/**
 * Forward pass and cross-entropy in plain float64 loops from the description alone; it knows nothing of kernels,
 * plans or topologies, and follows the equations as they stand in docs and papers.
 */
export function circuitLosses(
  description: CircuitDescription,
  values: ParameterValues,
  stimuli: ArrayLike<number>,
  labels: ArrayLike<number>,
): SampleLosses {
  const inputs = unitsOf(description.inputs[0]!);
  const losses: number[] = [];
  const margins: number[] = [];
  for (let sample = 0; sample < labels.length; sample++) {
    const stimulus = Array.from({ length: inputs }, (_, j) => stimuli[sample * inputs + j]!);
    const { scores, margin } = respond(description, values, stimulus);
    losses.push(lossOf(scores, labels[sample]!));
    margins.push(margin);
  }
  return { losses, margins };
}

/** -log of the softmax of the labelled class, nats. */
export function lossOf(scores: readonly number[], label: number): number {
  const largest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
  return Math.log(total) + largest - scores[label]!;
}

/**
 * What a circuit of one input does in its one time step.
 *
 * @param noise added to the drives of populations, by name
 */
export function respond(
  description: CircuitDescription,
  values: ParameterValues,
  stimulus: number[],
  noise: ReadonlyMap<string, Components> = new Map(),
): Response {
  const rates = new Map<string, Components>([[description.inputs[0]!.name, [stimulus]]]);
  const drives = new Map<string, Components>();
  let margin = Number.POSITIVE_INFINITY;
  const ratesOf = (name: string): Components => {
    const ready = rates.get(name);
    if (ready) return ready;
    const population = description.populations.find((candidate) => candidate.name === name)!;
    const drive = biasOf(population, values);
    for (const wiring of wiringsOf(description).filter(({ post }) => post === name)) {
      const weight = values.get(`${wiring.pre}->${name}/weight`);
      margin = Math.min(margin, addDrive(drive, ratesOf(wiring.pre), wiring, weight));
    }
    noise.get(name)?.forEach((component, k) => {
      component.forEach((value, i) => {
        drive[k]![i]! += value;
      });
    });
    const activity = activate(population, drive, values);
    margin = Math.min(margin, activity.distance);
    drives.set(name, drive);
    rates.set(name, activity.rates);
    return activity.rates;
  };
  for (const { name } of description.populations) ratesOf(name);
  return { rates, drives, scores: rates.get(description.readouts[0]!)!.flat(), margin };
}

/** The biases of a population, or zeros. */
function biasOf(population: PopulationDescription, values: ParameterValues): Components {
  const { name, dimension, bias: sharing } = population;
  const bias = values.get(`${name}/bias`);
  const period = periodOf(population, sharing);
  return Array.from({ length: dimension }, (_, k) =>
    Array.from({ length: unitsOf(population) }, (_, i) => (bias ? bias[k * period + (i % period)]! : 0)),
  );
}

/**
 * v_ik += sum_j W_ij h_jk, or from scalar to vector units sum_j W_kij h_j; or the mean or maximum of h_jk.
 *
 * @returns the smallest distance of two rates that compete in a maximum
 */
function addDrive(drive: Components, rates: Components, wiring: Wiring, weight: ArrayLike<number> | undefined): number {
  const spreading = rates.length === 1 && drive.length > 1;
  let margin = Number.POSITIVE_INFINITY;
  drive.forEach((component, k) => {
    const source = rates[spreading ? 0 : k]!;
    if (wiring.takes === "sum") {
      const start = spreading ? k * wiring.weights : 0;
      for (const synapse of wiring.synapses)
        component[synapse.post]! += weight![start + synapse.weight!]! * source[synapse.pre]!;
      return;
    }
    const windows = component.map((): number[] => []);
    for (const { post, pre } of wiring.synapses) windows[post]!.push(source[pre]!);
    windows.forEach((seen, i) => {
      const largest = Math.max(...seen);
      component[i]! += wiring.takes === "maximum" ? largest : seen.reduce((sum, rate) => sum + rate) / seen.length;
      // Rates that are equal to the bit come from units that nothing drives apart (all below them is off).
      if (wiring.takes === "maximum")
        margin = Math.min(margin, ...seen.map((rate) => largest - rate || Number.POSITIVE_INFINITY));
    });
  });
  return margin;
}

const smooth: Readonly<Record<string, (v: number) => number>> = {
  linear: (v) => v,
  tanh: (v) => (Math.exp(v) - Math.exp(-v)) / (Math.exp(v) + Math.exp(-v)),
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  softplus: (v) => Math.log(1 + Math.exp(v)),
};

/** Rates from drive, and the smallest distance of a drive from a kink. */
function activate(population: PopulationDescription, drive: Components, values: ParameterValues) {
  const { name, gates } = population;
  const { kind: gain, slope = 0 } = partOf(population.gain) as { kind: string; slope?: number };
  const curve = smooth[gain];
  if (curve) return { rates: drive.map((component) => component.map(curve)), distance: Number.POSITIVE_INFINITY };
  if (gain === "gated") {
    const t = values.get(`${name}/gatingVectors`)!;
    const period = periodOf(population, gates);
    const projected = drive[0]!.map((_, i) =>
      drive.reduce((sum, component, k) => sum + t[k * period + (i % period)]! * component[i]!, 0),
    );
    return {
      rates: drive.map((component) => component.map((v, i) => (projected[i]! >= 0 ? v : 0))),
      distance: distanceFromZero(projected),
    };
  }
  const { channels } = mapOf(population);
  const alternates = gain === "alternating-relu";
  const passes = (v: number, i: number) => (!alternates || (i % channels) % 2 === 1 ? v >= 0 : v <= 0);
  return {
    rates: drive.map((component) => component.map((v, i) => (passes(v, i) ? v : slope * v))),
    distance: distanceFromZero(drive.flat()),
  };
}

/** Exactly 0 is no danger: it is the drive of a unit that has no bias and whose inputs are off, and no step moves it. */
const distanceFromZero = (values: readonly number[]) =>
  Math.min(...values.map((value) => Math.abs(value) || Number.POSITIVE_INFINITY));
