import type * as z from "zod";
import { parseDescription } from "../kinds/plain-data.ts";
import {
  CircuitDescription,
  type DecisionDescription,
  type InputDescription,
  type PopulationDescription,
  type ProjectionDescription,
} from "./description.ts";

/** What `circuit` hands back for each population, to be named in projections. */
export interface PopulationHandle {
  readonly name: string;
}

type InputOptions = Omit<z.input<typeof InputDescription>, "name">;
type PopulationOptions = Omit<z.input<typeof PopulationDescription>, "name">;
type ProjectionOptions = Omit<z.input<typeof ProjectionDescription>, "pre" | "post">;
type DecisionOptions = z.input<typeof DecisionDescription>;

/** Collects the parts of a circuit in the order of a methods section. */
export interface CircuitBuilder {
  input(name: string, options: InputOptions): PopulationHandle;
  population(name: string, options: PopulationOptions): PopulationHandle;
  project(pre: PopulationHandle, post: PopulationHandle, options?: ProjectionOptions): void;
  /** Names a population that is read out, once for each; without a call it is the last population. */
  readout(population: PopulationHandle): void;
  /** Time steps for which the stimuli are shown; without a call 1. */
  steps(count: number): void;
  /** How readouts over time become scores; without a call the last time step and the readout with the larger maximum. */
  decision(how: DecisionOptions): void;
}

/** Every pre unit to every post unit; the units of a map in the order row, column, channel. */
export const dense = () => ({ kind: "dense" }) as const;
/** Windows of a map through weights that all positions share; stride 1 and padding 0 unless given. */
export const convolutional = (window: { kernel: number; stride?: number; padding?: number }) => ({
  kind: "convolutional" as const,
  ...window,
});
/** Windows of a map, each position with weights of its own; stride 1 and padding 0 unless given. */
export const local = (window: { kernel: number; stride?: number; padding?: number }) => ({
  kind: "local" as const,
  ...window,
});
/** A fixed random part of the dense projection: a share of its connections (`density`, 0 to 1) or a number of them. */
export const sparse = (part: { density: number } | { connections: number }) => ({ kind: "sparse" as const, ...part });
/** Each unit to the unit of the same index, without weights. */
export const oneToOne = () => ({ kind: "one-to-one" }) as const;
/** The transpose of a convolution, to a larger map; stride 1 and paddings 0 unless given. */
export const transposedConvolutional = (window: {
  kernel: number;
  stride?: number;
  padding?: number;
  outputPadding?: number;
}) => ({ kind: "transposed-convolutional" as const, ...window });
/** A larger map from a smaller one, without weights; from the nearest unit unless `mode` is bicubic. */
export const upsample = (settings: { mode?: "nearest" | "bicubic" } = {}) => ({
  kind: "upsample" as const,
  ...settings,
});
/** Mean over windows of a map, without weights; the stride is the size unless given. */
export const averagePool = (window: { size: number; stride?: number }) => ({
  kind: "average-pool" as const,
  ...window,
});
/** Maximum over windows of a map, without weights; the stride is the size unless given. */
export const maxPool = (window: { size: number; stride?: number }) => ({ kind: "max-pool" as const, ...window });
/** One vector unit to a scalar unit for each of its components, without weights. */
export const components = () => ({ kind: "components" }) as const;
/** Each vector unit to the scalar unit of the same index by the mean of its components, without weights. */
export const componentMean = () => ({ kind: "component-mean" }) as const;
/** The vector gate, for populations of dimension 2 or more. */
export const gated = () => "gated" as const;
/** ON/OFF pairs; see `onOffWeights`. */
export const onOff = () => ({ kind: "on-off" }) as const;
/** Normal weights of variance 2 / n_in; see `heWeights`. */
export const he = () => ({ kind: "he" }) as const;
/** Weights uniform in +-1 / sqrt(n_in); see `uniformWeights`. */
export const uniform = () => ({ kind: "uniform" }) as const;
/** Normal weights of variance 1 / n_in; see `normalWeights`. */
export const normal = () => ({ kind: "normal" }) as const;

/**
 * Describes a circuit.
 *
 * ```ts
 * const net = circuit("vector-mnist", (c) => {
 *   const pixels = c.input("pixels", { units: 784 });
 *   const v1 = c.population("v1", { units: 1024, dimension: 10, gain: gated() });
 *   const report = c.population("report", { units: 1, dimension: 10 });
 *   c.project(pixels, v1, { topology: dense(), sign: "mixed", initial: onOff() });
 *   c.project(v1, report, { topology: dense(), sign: "excitatory", initial: onOff() });
 * });
 * ```
 *
 * @throws DescriptionError for a part that is not as the schemas say; `buildNetwork` checks how the parts fit together
 */
export function circuit(name: string, describe: (builder: CircuitBuilder) => void): CircuitDescription {
  const inputs: z.input<typeof InputDescription>[] = [];
  const populations: z.input<typeof PopulationDescription>[] = [];
  const projections: z.input<typeof ProjectionDescription>[] = [];
  const readouts: string[] = [];
  let steps: number | undefined;
  let decision: DecisionOptions | undefined;
  describe({
    input(inputName, options) {
      inputs.push({ name: inputName, ...options });
      return { name: inputName };
    },
    population(populationName, options) {
      populations.push({ name: populationName, ...options });
      return { name: populationName };
    },
    project(pre, post, options = {}) {
      projections.push({ pre: pre.name, post: post.name, ...options });
    },
    readout(population) {
      readouts.push(population.name);
    },
    steps(count) {
      steps = count;
    },
    decision(how) {
      decision = how;
    },
  });
  const last = populations.at(-1)?.name;
  return parseCircuit({
    name,
    inputs,
    populations,
    projections,
    readouts: readouts.length > 0 || last === undefined ? readouts : [last],
    ...(steps === undefined ? {} : { steps }),
    ...(decision === undefined ? {} : { decision }),
  });
}

/**
 * Reads a circuit description from plain data.
 *
 * @throws DescriptionError naming the circuit, the field, and what is allowed
 */
export function parseCircuit(data: unknown): CircuitDescription {
  const given = data as { name?: unknown } | null | undefined;
  const owner = typeof given?.name === "string" ? `circuit "${given.name}"` : "circuit";
  return parseDescription(owner, CircuitDescription, data);
}
