import { join } from "node:path";
import { buildNetwork } from "../circuits/network.ts";
import { openDevice } from "../compute/devices/choice.ts";
import type { Library } from "../kinds/library.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { Evaluation, RunSummary } from "../records/learning-record.ts";
import { readParameters } from "../runs/read-parameters.ts";
import { diskSources } from "../tasks/disk-sources.ts";
import { loadTask, type Task } from "../tasks/task.ts";
import { checkMeasures } from "../training/asked-measures.ts";
import { checkTask } from "../training/check-task.ts";
import type { RunListener } from "../training/events.ts";
import { heed, unlessStopped } from "../training/heed.ts";
import { InterruptedError } from "../training/interrupted.ts";
import { createLearner, type LearnerOptions, planLearner, shownBy } from "../training/learner.ts";
import { parseRun, type RunDescription, type RunInput } from "../training/run-description.ts";
import { silent } from "../training/silent.ts";
import { trainToEnd } from "../training/training.ts";
import { readCircuitFiles } from "./circuit-files.ts";
import { describeEnvironment } from "./environment.ts";
import { keepTask } from "./keep-task.ts";
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
export async function run(options: RunInput, control: NewRunControl): Promise<RunResult> {
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
  const { circuit, values: given } = await readCircuitFiles(description, control.library);
  const whole = { ...description, circuit };
  checkFit(whole, task, control.library);
  return withLearner(whole, task, control, { given }, async (learner) => {
    checkMeasures({ description, network: learner.network, task }, control.library);
    const { device, provider } = learner.executor;
    const resolved = parseRun({ ...whole, device, provider }, control.library);
    await heed(control.signal);
    const folder = await createRunFolder({
      out: control.out,
      experiment: naming.experiment,
      seed: description.seed,
    });
    return holdingRunFolder(folder, async (hold) => {
      const used = await keepPlugins(folder, control.library);
      const kept = await keepTask(task, resolved, folder);
      await writeConfig(folder, { ...naming, ...used, run: kept, environment: await describeEnvironment() });
      return train(
        { ...naming, description: kept, learner, task, recorder: folderRecorder(folder, hold), resume: false },
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
      const sources = diskSources(folder);
      const loading = () => loadTask(description.task, description.seed, control.library, sources);
      const task = loaded ?? (await unlessStopped(loading(), control.signal));
      // A checkpoint holds what weights from elsewhere have become; they may be gone, or lie elsewhere, seen from here.
      const begun = await exists(join(folder, runFiles.checkpoint));
      const given = begun ? undefined : (await readCircuitFiles(description, control.library)).values;
      return await withLearner(description, task, control, { begun, given }, (learner) =>
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
  await readCircuitFiles(description, library);
  checkFit(description, task, library);
  const { network } = planLearner(description, library, shownBy(task));
  checkMeasures({ description, network, task }, library);
  if (description.from !== undefined) await readParameters(description.from, network);
  await openDevice(description, library);
}

/** Before anything is planned, which takes circuit, objective and task to fit together. Throws as `checkTask` does. */
function checkFit({ circuit, objective }: RunDescription, task: Task, library: Library): void {
  checkTask(buildNetwork(circuit, library), library.build("objective", objective, undefined), task);
}

async function withLearner<T>(
  description: RunDescription,
  task: Task,
  { signal, library }: RunControl,
  start: Pick<LearnerOptions, "begun" | "given">,
  use: (learner: Awaited<ReturnType<typeof createLearner>>) => Promise<T>,
): Promise<T> {
  const learner = await createLearner(description, library, {
    ...shownBy(task),
    signal,
    readStart: readParameters,
    ...start,
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
