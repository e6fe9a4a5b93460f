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
