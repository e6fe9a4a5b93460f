import * as z from "zod";
import { CircuitDescription } from "../circuits/description.ts";
import { resolveCircuit } from "../circuits/resolve-circuit.ts";
import { described } from "../kinds/described.ts";
import type { Library } from "../kinds/library.ts";
import { parseDescription } from "../kinds/plain-data.ts";
import { partedAt, resolveMeasures } from "./measure-settings.ts";
import { startingPoint } from "./starting-point.ts";
import { TrainingSettings } from "./training-settings.ts";

/**
 * One training run as plain data: circuit x task x rule x optimiser, and how it is watched. Besides, it names the measures that
 * are taken after training, each under a key of its own: `specialization: { ... }`.
 */
export const RunDescription = TrainingSettings.extend({
  /** Passes over the training stimuli; 0: the circuit is evaluated and analysed as it starts. */
  epochs: z.int().min(0).max(1_000_000).default(1).meta(TrainingSettings.shape.epochs.meta()!),
  circuit: CircuitDescription,
  /** Where parameters start from, see `readParameters`; absent: drawn from the seed. */
  from: startingPoint,
  task: described("task"),
  /** What the circuit is to achieve. */
  objective: described("objective").prefault("classification"),
  rule: described("rule"),
  optimiser: described("optimiser"),
});
export type RunDescription = z.infer<typeof RunDescription> & Measures;

/** The same before defaults are filled in. */
export type RunInput = z.input<typeof RunDescription> & Measures;

/** Settings of measures, by their names. */
interface Measures {
  readonly [measure: string]: unknown;
}

/**
 * Reads a run description from plain data and fills in the defaults, those of every part too: what comes back says
 * everything, and stays the same when it is read again.
 *
 * @param library which kinds there are
 * @param file where the data come from, for messages
 * @throws DescriptionError or UsageError naming the part, the field and what is allowed
 */
export function parseRun(data: unknown, library: Library, file?: string): RunDescription {
  const owner = file ?? "run";
  const known = Object.keys(RunDescription.shape);
  const [own, others] = isPlain(data) ? partedAt(known, data) : [data, {}];
  const measures = resolveMeasures(others, library, owner, known);
  const description = parseDescription(owner, RunDescription, own);
  return { ...resolveRun(description, library, file === undefined ? "" : `${file}, `), ...measures };
}

/** A key that runs have in common which differ in their seed alone. */
export function seedlessKey({ seed: _, ...rest }: RunDescription): string {
  return JSON.stringify(rest);
}

/** The same run with every default of its parts written out. Throws as `parseRun` does. */
export function resolveRun(description: RunDescription, library: Library, within = ""): RunDescription {
  return {
    ...description,
    ...resolveLearning(description, library, within),
    task: library.resolve("task", description.task, within),
  };
}

/** The parts of a run that a checkpoint belongs to. */
export type LearningParts = Pick<RunDescription, "circuit" | "manipulations" | "objective" | "rule" | "optimiser">;

/** The same parts with every default written out. Throws as `parseRun` does. */
export function resolveLearning(parts: LearningParts, library: Library, within = ""): LearningParts {
  return {
    circuit: resolveCircuit(parts.circuit, library, within),
    ...(parts.manipulations && { manipulations: parts.manipulations }),
    objective: library.resolve("objective", parts.objective, within),
    rule: library.resolve("rule", parts.rule, within),
    optimiser: library.resolve("optimiser", parts.optimiser, within),
  };
}

const isPlain = (data: unknown): data is Readonly<Record<string, unknown>> =>
  typeof data === "object" && data !== null && !Array.isArray(data);
