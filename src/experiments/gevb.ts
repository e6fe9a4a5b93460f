import type * as z from "zod";
import { DescriptionError, UsageError } from "../compute/errors.ts";
import { loadTask, type Task } from "../tasks/task.ts";
import { GevbConfig, type GevbOptions } from "./config.ts";
import { gevbCircuit } from "./gevb-circuit.ts";
import { type NewRunControl, type RunControl, resume, startRun } from "./run.ts";
import { readRunConfig } from "./run-config.ts";
import type { RunDescription } from "./run-description.ts";
import { reportRuns } from "./run-report.ts";

/**
 * Fills in the defaults of the gevb experiment.
 *
 * @throws DescriptionError naming the setting and what is allowed
 */
export function resolveGevb(options: GevbOptions): GevbConfig {
  const parsed = GevbConfig.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  throw new DescriptionError(`gevb, ${issue.path.join(".") || "settings"}: ${issue.message}`);
}

/** Loads the digits that a configuration asks for. */
export function loadGevbTask(config: GevbConfig): Promise<Task> {
  return loadTask(taskOf(config), config.seed);
}

/** The run that a configuration stands for, on a loaded task. */
export function describeGevbRun(config: GevbConfig, task: Task): RunDescription {
  const { rule, sign, hidden, optimiser: kind, rate, decay, limit, testLimit, validation, data, ...training } = config;
  if (decay !== 0 && kind !== "adamw")
    throw new UsageError(
      `gevb, decay: got ${decay} with optimiser "${kind}", which has no weight decay; use optimiser adamw or decay 0`,
    );
  return {
    ...training,
    circuit: gevbCircuit({ image: task, arch: "dense", units: "vector", hidden, classes: task.classes, sign }),
    task: taskOf(config),
    rule: { kind: rule },
    optimiser: { kind, rate, ...(kind === "adamw" ? { decay } : {}) },
  };
}

/** One rule on the digits, in a run folder with report. */
export async function runGevb(options: GevbOptions, control: NewRunControl): Promise<void> {
  const config = resolveGevb(options);
  const task = await loadGevbTask(config);
  const description = describeGevbRun(config, task);
  const { folder } = await startRun(description, { experiment: "gevb", label: config.rule }, control, task);
  await reportRuns(folder, "gevb", [folder], control.onEvent);
}

/** Goes on with a run of this experiment. */
export async function resumeGevb(folder: string, control: RunControl): Promise<void> {
  const { experiment } = await readRunConfig(folder);
  if (experiment !== "gevb")
    throw new UsageError(
      `${folder} holds a run of "${experiment}", not of gevb; use sulcus run ${experiment} --resume`,
    );
  await resume(folder, control);
}

function taskOf(config: GevbConfig): RunDescription["task"] {
  return {
    kind: "digits",
    validation: config.validation,
    ...(config.data === undefined ? {} : { data: config.data }),
    ...(config.limit === undefined ? {} : { limit: config.limit }),
    ...(config.testLimit === undefined ? {} : { testLimit: config.testLimit }),
  };
}
