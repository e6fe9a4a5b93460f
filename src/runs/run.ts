import { join } from "node:path";
import type * as z from "zod";
import type { Network } from "../circuits/network.ts";
import { openDevice } from "../compute/devices/choice.ts";
import { describeMap } from "../compute/kernels/window.ts";
import { DescriptionError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { checkRepresentation } from "../measures/representation.ts";
import { checkAttention } from "../papers/attention/measure/attention-analysis.ts";
import { checkSpecialization } from "../papers/modules/measure/specialization.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";
import { readParameters } from "../runs/read-parameters.ts";
import { loadTask, type Task } from "../tasks/task.ts";
import { unitsOfStream } from "../tasks/trials.ts";
import type { RunListener } from "../training/events.ts";
import { heed, unlessStopped } from "../training/heed.ts";
import { InterruptedError } from "../training/interrupted.ts";
import { createLearner, planLearner } from "../training/learner.ts";
import { parseRun, type RunDescription } from "../training/run-description.ts";
import { silent } from "../training/silent.ts";
import { trainToEnd } from "../training/training.ts";
import { describeEnvironment } from "./environment.ts";
import { narrated } from "./narration/narrate.ts";
import { keepPlugins, updatePlugins } from "./plugins/keep-plugins.ts";
import { probeWritable } from "./record/atomic-file.ts";
import { readFailedMeasures } from "./record/failed-measures-file.ts";
import { folderRecorder } from "./record/folder-recorder.ts";
import { exists } from "./record/make-folder.ts";
import { runFiles } from "./record/run-files.ts";
import { createRunFolder, writeConfig } from "./record/run-folder.ts";
import { holdingRunFolder } from "./record/run-lock.ts";
import { type RunNaming, readRunConfig } from "./run-config.ts";
import { reportRuns } from "./run-report.ts";

/** How a run tells of itself and is stopped. */
export interface RunControl {
  /** Which kinds there are. */
  readonly library: Library;
  /** Hears every event. Absent: `run` and `resume` narrate on stderr; `silent` keeps them quiet. */
  readonly onEvent?: RunListener;
  /**
   * When it aborts, the run stops after its current step, saves, and rejects with an InterruptedError. One that has trained
   * to its end stops in the middle of its analyses or report, which are made when it goes on.
   */
  readonly signal?: AbortSignal;
  /** Whether a report is drawn in the end; default true. `rebuildReport` draws one that was left out. */
  readonly report?: boolean;
}

export interface NewRunControl extends RunControl {
  /** Run folder; absent: runs/<experiment>/<time>-<seed> in the working directory. */
  readonly out?: string;
}

/** What a run left. */
export interface RunResult {
  readonly folder: string;
  readonly summary: RunSummary;
  readonly evaluations: readonly Evaluation[];
  /** Measures that failed after training; empty where all that were asked for were taken. */
  readonly failedMeasures: readonly FailedMeasure[];
}

const never = new AbortController().signal;

/**
 * Trains a circuit on a task by a rule, and leaves a run folder with its record and report. Progress is narrated on stderr
 * unless `onEvent` is given.
 *
 * ```ts
 * const result = await run({ circuit: net, task: digits(), rule: gevb(), optimiser: adam({ rate: 3e-4 }), seed: 1 });
 * console.log(result.summary.testError);
 * ```
 *
 * @throws DescriptionError, UsageError, DataError, DeviceError or StorageError before any work, when something does not
 * fit; SulcusError when training diverges; InterruptedError when the signal aborts
 */
export async function run(options: z.input<typeof RunDescription>, control: NewRunControl): Promise<RunResult> {
  const description = parseRun(options, control.library);
  const naming = { experiment: description.circuit.name, label: ruleInWords(description.rule) };
  return narrated(control.onEvent, async (onEvent) => {
    const result = await startRun(description, naming, { ...control, onEvent });
    await reportRun(naming.experiment, result, { ...control, onEvent });
    return result;
  });
}

/** Goes on with a run that was interrupted, from its folder, and draws its report. */
export async function resume(folder: string, control: RunControl): Promise<RunResult> {
  const { experiment } = await readRunConfig(folder, control.library);
  return narrated(control.onEvent, async (onEvent) => {
    const result = await continueRun(folder, { ...control, onEvent });
    await reportRun(experiment, result, { ...control, onEvent });
    return result;
  });
}

/** Draws the report of a finished run, where one is asked for. */
export async function reportRun(experiment: string, { folder }: RunResult, control: RunControl): Promise<void> {
  if (control.report ?? true) await reportRuns(folder, experiment, [folder], control);
}

/** Trains in a new folder, without drawing a report. */
export async function startRun(
  description: RunDescription,
  naming: RunNaming,
  control: NewRunControl,
  loaded?: Task,
): Promise<RunResult> {
  const task =
    loaded ?? (await unlessStopped(loadTask(description.task, description.seed, control.library), control.signal));
  return withLearner(description, task, control, async (learner) => {
    checkTask(learner.network, task);
    checkRepresentation(description, learner.network, task);
    checkSpecialization(description, learner.network, task);
    checkAttention(description, learner.network);
    const { device, provider } = learner.executor;
    const resolved = parseRun({ ...description, device, provider }, control.library);
    await heed(control.signal);
    const folder = await createRunFolder({
      out: control.out,
      experiment: naming.experiment,
      seed: description.seed,
    });
    return holdingRunFolder(folder, async (hold) => {
      const used = await keepPlugins(folder, control.library);
      await writeConfig(folder, { ...naming, ...used, run: resolved, environment: await describeEnvironment() });
      return train(
        { ...naming, description: resolved, learner, task, recorder: folderRecorder(folder, hold), resume: false },
        control,
      );
    });
  });
}

/**
 * Goes on in a folder that `startRun` made, without drawing a report.
 *
 * @throws StorageError where another process is at work in it
 */
export async function continueRun(folder: string, control: RunControl, loaded?: Task): Promise<RunResult> {
  const { experiment, label, description } = await readRunConfig(folder, control.library);
  await probeWritable(folder);
  return holdingRunFolder(folder, async (hold) => {
    try {
      await updatePlugins(folder, control.library);
      const task =
        loaded ?? (await unlessStopped(loadTask(description.task, description.seed, control.library), control.signal));
      // A checkpoint holds what weights from elsewhere have become; they may be gone, or lie elsewhere, seen from here.
      const begun = await exists(join(folder, runFiles.checkpoint));
      const { from, ...own } = description;
      const start = begun || from === undefined ? own : { ...own, from };
      return await withLearner(start, task, control, (learner) =>
        train(
          { experiment, label, description, learner, task, recorder: folderRecorder(folder, hold), resume: true },
          control,
        ),
      );
    } catch (error) {
      // Stopped before it went on: what it had stays.
      if (error instanceof InterruptedError && error.folder === undefined)
        throw new InterruptedError({ folder, by: error.by });
      throw error;
    }
  });
}

/**
 * Finds out whether a run could start, without leaving anything.
 *
 * @throws UsageError, DescriptionError or DeviceError as `startRun` would
 */
export async function checkRun(description: RunDescription, task: Task, library: Library): Promise<void> {
  const { network } = planLearner(description, library);
  checkTask(network, task);
  checkRepresentation(description, network, task);
  checkSpecialization(description, network, task);
  checkAttention(description, network);
  if (description.from !== undefined) await readParameters(description.from, network);
  await openDevice(description);
}

/** @throws DescriptionError where stimuli, classes or targets of the task do not fit the circuit */
export function checkTask({ description, inputs, readouts, classes, steps, reports }: Network, task: Task): void {
  const owner = `circuit "${description.name}"`;
  const { streams, targets } = task.training.shape;
  if (inputs.length !== streams.length)
    throw new DescriptionError(
      `${owner} has ${inputs.length} inputs, task "${task.name}" shows ${streams.length} streams of stimuli: ${streams.map(({ name }) => name).join(", ")}; give it an input for each`,
    );
  for (const [index, stream] of streams.entries()) {
    const { name, units, steps: shown } = inputs[index]!;
    const { map } = description.inputs[index]!;
    const pixels = unitsOfStream(stream);
    if (units !== pixels)
      throw new DescriptionError(
        `${owner}: input "${name}" has ${units} units, task "${task.name}" shows ${pixels} pixels; give it ${pixels} units`,
      );
    if (map && (map.height !== stream.height || map.width !== stream.width || map.channels !== stream.channels))
      throw new DescriptionError(
        `${owner}: input "${name}" is a map of ${describeMap(map)}, task "${task.name}" shows images of ${describeMap(stream)}; give it the same height, width and channels`,
      );
    if (stream.steps > 1 && shown !== stream.steps)
      throw new DescriptionError(
        `${owner}: input "${name}" takes stimuli of ${shown} time steps, task "${task.name}" shows ${stream.steps}; give the circuit ${stream.steps} steps and the input timing "varying"`,
      );
  }
  if (classes !== task.classes)
    throw new DescriptionError(
      `${owner}: ${readouts.length === 1 ? `readout "${readouts[0]!.name}" tells` : "its readouts tell"} ${classes} classes apart, task "${task.name}" has ${task.classes}; give it one vector unit of dimension ${task.classes}, or ${task.classes} scalar units`,
    );
  if (targets > 0 && reports !== targets)
    throw new DescriptionError(
      `${owner}: its decision reports ${reports} ${reports === 1 ? "target" : "targets"} over ${steps} time steps, task "${task.name}" asks for ${targets}; ${targets > 1 ? `let its decision have ${targets} targets with readouts for each, or give it ${targets} readouts and decision module "each"` : 'choose another decision than module "each"'}`,
    );
}

async function withLearner<T>(
  description: RunDescription,
  task: Task,
  { signal, library }: RunControl,
  use: (learner: Awaited<ReturnType<typeof createLearner>>) => Promise<T>,
): Promise<T> {
  const learner = await createLearner(description, library, {
    presentations: task.presentations,
    signal,
    readStart: readParameters,
  });
  try {
    return await use(learner);
  } finally {
    await learner.dispose();
  }
}

async function train(
  job: Omit<Parameters<typeof trainToEnd>[0], "onEvent" | "signal" | "library"> & RunNaming,
  control: RunControl,
): Promise<RunResult> {
  const summary = await trainToEnd({
    ...job,
    library: control.library,
    onEvent: control.onEvent ?? silent,
    signal: control.signal ?? never,
  });
  return {
    folder: job.recorder.place,
    summary,
    evaluations: await job.recorder.evaluations(),
    failedMeasures: await readFailedMeasures(job.recorder.place),
  };
}
