import type { CircuitDescription, PopulationDescription } from "../../src/circuits/description.ts";
import { unitsOf } from "./circuit-layout.ts";

/** Values of a circuit's parameters by resident name. */
export type ParameterValues = ReadonlyMap<string, ArrayLike<number>>;

/** Losses of the samples of a batch, and how far each sample is from a place where a gain function has a kink. */
export interface SampleLosses {
  readonly losses: readonly number[];
  readonly margins: readonly number[];
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
  const inputs = unitsOf(description.input);
  const losses: number[] = [];
  const margins: number[] = [];
  for (let sample = 0; sample < labels.length; sample++) {
    const stimulus = Array.from({ length: inputs }, (_, j) => stimuli[sample * inputs + j]!);
    const { scores, margin } = scoresOf(description, values, stimulus);
    const largest = Math.max(...scores);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
    losses.push(Math.log(total) + largest - scores[labels[sample]!]!);
    margins.push(margin);
  }
  return { losses, margins };
}

/** Rates are [component][unit]. */
type Rates = number[][];

function scoresOf(description: CircuitDescription, values: ParameterValues, stimulus: number[]) {
  const known = new Map<string, Rates>([[description.input.name, [stimulus]]]);
  let margin = Number.POSITIVE_INFINITY;
  const ratesOf = (name: string): Rates => {
    const ready = known.get(name);
    if (ready) return ready;
    const population = description.populations.find((candidate) => candidate.name === name)!;
    const drive = population.bias === "none" ? zeros(population) : biasOf(population, values);
    for (const { pre, post } of description.projections) {
      if (post !== name) continue;
      addDrive(drive, ratesOf(pre), values.get(`${pre}->${post}/weight`)!);
    }
    const { rates, distance } = activate(population, drive, values);
    margin = Math.min(margin, distance);
    known.set(name, rates);
    return rates;
  };
  return { scores: ratesOf(description.readout).flat(), margin };
}

const zeros = (population: PopulationDescription): Rates =>
  Array.from({ length: population.dimension }, () => new Array<number>(unitsOf(population)).fill(0));

function biasOf(population: PopulationDescription, values: ParameterValues): Rates {
  const { name, dimension } = population;
  const units = unitsOf(population);
  const bias = values.get(`${name}/bias`)!;
  return Array.from({ length: dimension }, (_, k) => Array.from({ length: units }, (_, i) => bias[k * units + i]!));
}

/** v_ik += sum_j W_ij h_jk, or from scalar to vector units sum_j W_kij h_j. */
function addDrive(drive: Rates, rates: Rates, weight: ArrayLike<number>): void {
  const spreading = rates.length === 1 && drive.length > 1;
  drive.forEach((component, k) => {
    const source = rates[spreading ? 0 : k]!;
    const start = spreading ? k * component.length * source.length : 0;
    for (let i = 0; i < component.length; i++)
      for (let j = 0; j < source.length; j++) component[i]! += weight[start + i * source.length + j]! * source[j]!;
  });
}

const smooth: Readonly<Record<string, (v: number) => number>> = {
  linear: (v) => v,
  tanh: (v) => (Math.exp(v) - Math.exp(-v)) / (Math.exp(v) + Math.exp(-v)),
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  softplus: (v) => Math.log(1 + Math.exp(v)),
};

/** Rates from drive, and the smallest distance of a drive from a kink. */
function activate(population: PopulationDescription, drive: Rates, values: ParameterValues) {
  const { name, gain } = population;
  const units = unitsOf(population);
  const curve = smooth[gain];
  if (curve) return { rates: drive.map((component) => component.map(curve)), distance: Number.POSITIVE_INFINITY };
  if (gain === "gated") {
    const t = values.get(`${name}/gatingVectors`)!;
    const projected = Array.from({ length: units }, (_, i) =>
      drive.reduce((sum, component, k) => sum + t[k * units + i]! * component[i]!, 0),
    );
    return {
      rates: drive.map((component) => component.map((v, i) => (projected[i]! >= 0 ? v : 0))),
      distance: Math.min(...projected.map(Math.abs)),
    };
  }
  const passes = (v: number, i: number) => (gain === "relu" || i % 2 === 1 ? v >= 0 : v <= 0);
  return {
    rates: drive.map((component) => component.map((v, i) => (passes(v, i) ? v : 0))),
    distance: Math.min(...drive.flat().map(Math.abs)),
  };
}
