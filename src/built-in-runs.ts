import type * as z from "zod";
import type { Plugin } from "./kinds/kind.ts";
import { builtIn } from "./library.ts";
import * as registry from "./papers/registry.ts";
import type { RunRecordingOptions } from "./runs/recording/record-run.ts";
import * as recordRuns from "./runs/recording/record-run.ts";
import type { RecordingFormat, WrittenRecording } from "./runs/recording/write-recording.ts";
import { type NewRunControl, type RunControl, type RunResult, resume as resumeIn, run as runIn } from "./runs/run.ts";
import type { RedrawOptions } from "./runs/run-report.ts";
import type { Recording } from "./training/recording/observe.ts";
import type { RunDescription } from "./training/run-description.ts";

/** Kinds of one's own, besides those that Sulcus comes with. */
interface Used {
  /** Plug-ins whose kinds descriptions may name. */
  readonly use?: readonly Plugin[];
}

const opened = ({ use = [] }: Used) => use.reduce((library, plugin) => library.with(plugin), builtIn);

/** What a program may say of how a run tells of itself, and is stopped. */
export type RunOptions = Omit<RunControl, "library"> & Used;
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
export const run = (description: z.input<typeof RunDescription>, options: NewRunOptions = {}): Promise<RunResult> =>
  runIn(description, { ...options, library: opened(options) });

/** Goes on with a run that was interrupted, from its folder, and draws its report. */
export const resume = (folder: string, options: RunOptions = {}): Promise<RunResult> =>
  resumeIn(folder, { ...options, library: opened(options) });

/**
 * Draws figures and report of any run folder again; a run that was started as a library has an experiment of its own.
 *
 * @param options formats and width of the figures' files, by default SVG and CSV of each figure's own width; what stops it
 * @returns path of report.html
 * @throws UsageError where nothing is finished, or figures cannot have that width, StorageError or DataError where the
 * record is damaged; InterruptedError when the signal aborts
 */
export const rebuildReport = (folder: string, options: Omit<RedrawOptions, "library"> & Used = {}): Promise<string> =>
  registry.rebuildReport(folder, { ...options, library: opened(options) });

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
export const observeRun = (folder: string, options: RunRecordingOptions & Used = {}): Promise<Recording> =>
  recordRuns.observeRun({ folder }, options, opened(options));

/**
 * The same trial by trial to the disk, as `sulcus record` does: a .npz file and, beside it, a .json file that says what its arrays
 * hold.
 *
 * @param file the .npz file, or with format "npy" the folder that is to hold a .npy file for each array
 * @throws as `observeRun` does; UsageError where something lies there already, StorageError where it cannot be written
 */
export const recordRun = (
  folder: string,
  file: string,
  { format, ...options }: RunRecordingOptions & Used & { readonly format?: RecordingFormat } = {},
): Promise<WrittenRecording> =>
  recordRuns.recordRun({ folder }, options, { path: file, ...(format ? { format } : {}) }, opened(options));
