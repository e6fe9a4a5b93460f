import type { Plugin } from "./kinds/kind.ts";
import { withPluginsNamed } from "./kinds/plugin-fault.ts";
import { nodeLibrary } from "./node-library.ts";
import type { RunRecord } from "./report/run-record.ts";
import type { NewCollectionControl } from "./runs/collection.ts";
import { rebuildReport as rebuildReportOf, runExperiment as runExperimentOf } from "./runs/experiments.ts";
import { exportWeights as exportWeightsOf } from "./runs/export-weights.ts";
import { loadRuns as loadRunsIn, runFoldersIn } from "./runs/load-runs.ts";
import { narrated } from "./runs/narration/narrate.ts";
import { pluginsIn } from "./runs/plugins/keep-plugins.ts";
import { openLibrary } from "./runs/plugins/used-modules.ts";
import type { RunRecordingOptions } from "./runs/recording/record-run.ts";
import * as recordRuns from "./runs/recording/record-run.ts";
import type { RecordingFormat, WrittenRecording } from "./runs/recording/write-recording.ts";
import { type NewRunControl, type RunControl, type RunResult, resume as resumeIn, run as runIn } from "./runs/run.ts";
import type { RedrawOptions } from "./runs/run-report.ts";
import type { Sweep } from "./runs/sweep.ts";
import type { CircuitWeights } from "./runs/weights-file.ts";
import type { Recording } from "./training/recording/observe.ts";
import type { RunInput } from "./training/run-description.ts";

/** Kinds of one's own, besides those that Sulcus comes with. */
interface Used {
  /**
   * Plug-ins whose kinds descriptions may name, or modules that export them: paths from the working directory, or packages. A run
   * folder remembers modules, and `resume` loads them; plug-ins themselves have to be handed in again.
   */
  readonly use?: readonly (Plugin | string)[] | undefined;
}

/** Of what goes on in a run folder. */
interface UsedAgain extends Used {
  /** Whether a module may have changed since; default false. */
  readonly trustChanged?: boolean | undefined;
}

const openedFor = async (folder: string, options: UsedAgain) =>
  openLibrary(nodeLibrary, options, await pluginsIn(folder));

/** What a program may say of how a run tells of itself, and is stopped. */
export type RunOptions = Omit<RunControl, "library"> & UsedAgain;
export type NewRunOptions = Omit<NewRunControl, "library"> & Used;

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
export async function run(description: RunInput, { use, ...control }: NewRunOptions = {}): Promise<RunResult> {
  const library = await openLibrary(nodeLibrary, { use });
  return withPluginsNamed(library, () => runIn(description, { ...control, library }));
}

/** What a program may say of how the runs of an experiment go on. */
export type ExperimentOptions = Omit<NewCollectionControl, "library"> &
  Used & {
    /** Several values of some settings, by dotted paths: every combination of them is run. */
    readonly sweep?: Sweep;
  };

/**
 * Runs an experiment, such as "gevb", or one of a plug-in, as `sulcus run` and `sulcus sweep` do. Progress is narrated on stderr
 * unless `onEvent` is given.
 *
 * @param settings as a person gives them
 * @throws as `run` does; SulcusError naming the runs that failed, when all others are done
 */
export async function runExperiment(
  experiment: string,
  settings: Readonly<Record<string, unknown>> = {},
  { use, sweep, ...control }: ExperimentOptions = {},
): Promise<void> {
  const library = await openLibrary(nodeLibrary, { use });
  return narrated(control.onEvent, (onEvent) =>
    runExperimentOf({ experiment, settings, sweep }, { ...control, library, onEvent }),
  );
}

/** Goes on with a run that was interrupted, from its folder, and draws its report. */
export async function resume(folder: string, { use, trustChanged, ...control }: RunOptions = {}): Promise<RunResult> {
  const library = await openedFor(folder, { use, trustChanged });
  return withPluginsNamed(library, () => resumeIn(folder, { ...control, library }));
}

/**
 * The parameters of a run as they are now: weights, masks, biases and constants of gains, without what an optimiser or rule
 * remembers. `writeWeights` makes a file of them.
 *
 * @param folder of a single run
 * @throws UsageError where the folder holds no run, several, or one that has saved nothing yet; DataError where its checkpoint is
 * damaged
 */
export async function exportWeights(folder: string, { use, trustChanged }: UsedAgain = {}): Promise<CircuitWeights> {
  return exportWeightsOf(folder, await openedFor(folder, { use, trustChanged }));
}

/**
 * Draws figures and report of any run folder again; a run that was started as a library has an experiment of its own.
 *
 * @param options formats and width of the figures' files, by default SVG and CSV of each figure's own width; what stops it
 * @returns path of report.html
 * @throws UsageError where nothing is finished, or figures cannot have that width, StorageError or DataError where the
 * record is damaged; InterruptedError when the signal aborts
 */
export async function rebuildReport(
  folder: string,
  { use, trustChanged, ...options }: Omit<RedrawOptions, "library"> & UsedAgain = {},
): Promise<string> {
  return rebuildReportOf(folder, { ...options, library: await openedFor(folder, { use, trustChanged }) });
}

/**
 * What finished runs left: evaluations, summary, records of measures and parameters, as `figures` draw them.
 *
 * ```ts
 * const runs = await loadRuns("runs/gevb/20241124-120000-1");
 * await writeFigure(figures.learningCurves(runs), { formats: ["pdf", "csv"] });
 * ```
 *
 * @param folders of runs, or of collections and sweeps, whose finished runs are loaded; one or several
 * @throws UsageError where a run is not finished; StorageError or DataError where its record is damaged
 */
export async function loadRuns(
  folders: string | readonly string[],
  { use, trustChanged }: UsedAgain = {},
): Promise<RunRecord[]> {
  const runs: RunRecord[] = [];
  for (const folder of [folders].flat()) {
    const library = await openedFor(folder, { use, trustChanged });
    runs.push(...(await withPluginsNamed(library, async () => loadRunsIn(await runFoldersIn(folder), library))));
  }
  return runs;
}

/**
 * Draws figures of any run folder again, into its folder `figures`, and nothing else of its report.
 *
 * @param options names of the figures, by default all; formats and width of their files
 * @returns path of the folder of figures
 * @throws as `rebuildReport` does; UsageError for a figure that is not there
 */
export const drawFigures = (
  folder: string,
  options: Omit<RedrawOptions, "library" | "page"> & UsedAgain = {},
): Promise<string> => rebuildReport(folder, { ...options, page: false });

/**
 * Shows trials to the circuit of a run, by default as training left it and those of the test set, and records it in memory; see
 * `observe`.
 *
 * ```ts
 * const { arrays, factors } = await observeRun("runs/gevb/20241124-120000-1", { probes: [{ of: "v1" }], trials: 200 });
 * ```
 *
 * @param folder of the run
 * @param options what to record (default: the rates of all populations), of which trials, and what is done to the circuit meanwhile
 * @throws UsageError where the folder holds no run, or none that is trained; DescriptionError for a probe or manipulation that
 *   does not fit; DataError, StorageError where files are damaged or cannot be read; InterruptedError when the signal aborts
 */
export async function observeRun(
  folder: string,
  { use, trustChanged, ...options }: RunRecordingOptions & UsedAgain = {},
): Promise<Recording> {
  const library = await openedFor(folder, { use, trustChanged });
  return withPluginsNamed(library, () => recordRuns.observeRun({ folder }, options, library));
}

/**
 * The same trial by trial to the disk, as `sulcus record` does: a .npz file and, beside it, a .json file that says what its arrays
 * hold.
 *
 * @param file the .npz file, or with format "npy" the folder that is to hold a .npy file for each array
 * @throws as `observeRun` does; UsageError where something lies there already, StorageError where it cannot be written
 */
export async function recordRun(
  folder: string,
  file: string,
  {
    format,
    use,
    trustChanged,
    ...options
  }: RunRecordingOptions & UsedAgain & { readonly format?: RecordingFormat } = {},
): Promise<WrittenRecording> {
  const library = await openedFor(folder, { use, trustChanged });
  const place = { path: file, ...(format ? { format } : {}) };
  return withPluginsNamed(library, () => recordRuns.recordRun({ folder }, options, place, library));
}
