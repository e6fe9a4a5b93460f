import * as z from "zod";
import { CircuitDescription } from "../circuits/description.ts";
import { DescriptionError } from "../compute/errors.ts";
import { OptimiserDescription, RuleDescription } from "../plasticity/descriptions.ts";
import { TaskDescription } from "../tasks/task.ts";

const positiveInteger = z.int().min(1);

/** How training is watched and saved; the same for every experiment. */
export const TrainingSettings = z.strictObject({
  /** Passes over the training stimuli. */
  epochs: positiveInteger.default(1),
  /** Seed of every random stream. */
  seed: z.int().min(0).max(0xffffffff).default(1),
  /** Stimuli in a batch. */
  batch: positiveInteger.default(128),
  /** Evaluations per epoch, evenly spaced; the last one of an epoch is at its end. */
  evaluations: positiveInteger.default(1),
  /** Stimuli of an evaluation during training; the last evaluation of a run takes all. */
  evaluationStimuli: positiveInteger.default(2000),
  /** Seconds between two checkpoints; one is always written at the end. 0: after every step. */
  checkpointSeconds: z.number().min(0).default(30),
  /** "auto", "cpu", "webasm", "webgpu", "webgl". */
  device: z.string().default("auto"),
  /** Contraction provider of the cpu device: "auto", "onnxruntime", "tfjs", "gpujs". */
  provider: z.string().default("auto"),
  /** Whether memory-bound kernels are accelerated on the cpu device. */
  accelerators: z.boolean().default(true),
});

/** One training run as plain data: circuit x task x rule x optimiser, and how it is watched. */
export const RunDescription = TrainingSettings.extend({
  circuit: CircuitDescription,
  task: TaskDescription,
  rule: RuleDescription,
  optimiser: OptimiserDescription,
});
export type RunDescription = z.infer<typeof RunDescription>;

/**
 * Reads a run description from plain data and fills in the defaults.
 *
 * @throws DescriptionError naming the field and what is allowed
 */
export function parseRun(data: unknown, owner = "run"): RunDescription {
  const parsed = RunDescription.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new DescriptionError(`${owner}, ${issue.path.join(".") || "description"}: ${issue.message}`);
}
