import type { Library } from "../kinds/library.ts";
import type { FigureFiles } from "../report/files/figure-format.ts";
import type { FetchControl, FetchOptions } from "../runs/data/fetch-data-set.ts";
import type { DataSetInformation, MissingDataSet } from "../runs/data/information.ts";
import type { Asked } from "../runs/experiments.ts";
import type { Forecast } from "../runs/forecast.ts";
import type { FoundLock } from "../runs/locks.ts";
import type { PluginsAsked, PluginsRecorded } from "../runs/plugins/used-modules.ts";
import type { RecordedSubject, RunRecordingOptions } from "../runs/recording/record-run.ts";
import type { RecordingFormat, WrittenRecording } from "../runs/recording/write-recording.ts";
import type { RunListener } from "../training/events.ts";

/** How a run or a collection reports to the command line, and how the command line stops it. */
export interface RunControl {
  onEvent: RunListener;
  /** How many runs of a collection go on at a time; absent: one. */
  workers?: number;
  /** Aborted when the run shall stop after its current step, save, and reject with an InterruptedError. */
  signal: AbortSignal;
}

/** The same for a run that starts afresh. */
export interface NewRunControl extends RunControl {
  /** Run folder; absent: the backend chooses one. */
  out?: string;
}

export type { Asked, FoundLock, PluginsAsked, PluginsRecorded };

/** A device or contraction provider. */
export interface Availability {
  name: string;
  available: boolean;
  /** What was found, or the reason why it is not available. */
  detail: string;
}

/**
 * All that the command line asks of the rest of Sulcus. Requests that are wrong reject with a UsageError, failures with
 * another SulcusError, a stopped run with an InterruptedError.
 */
export interface Backend {
  /** Which kinds there are. */
  readonly library: Library;
  /** Settings hold only what was asked for; the experiment fills in its defaults. */
  run(asked: Asked, control: NewRunControl): Promise<void>;
  /** What runs, or those of a sweep, will take; nothing is written. */
  forecast(asked: Asked): Promise<readonly Forecast[]>;
  /** Goes on in a folder of an experiment, or of whatever it is where none is named. */
  resume(experiment: string | undefined, folder: string, control: RunControl): Promise<void>;
  /**
   * Draws the figures and the report of a run folder again; returns the path of report.html. Rejects when the signal aborts.
   *
   * @param options formats and width of the figures' files
   */
  rebuildReport(folder: string, options: FigureFiles & { signal: AbortSignal }): Promise<string>;
  /** Records a circuit to the disk. Rejects when the signal aborts. */
  record(
    subject: RecordedSubject,
    options: RunRecordingOptions & { signal: AbortSignal },
    place: { path: string; format: RecordingFormat },
  ): Promise<WrittenRecording>;
  /**
   * Names, shapes and axes of a run's weights.
   *
   * @param file is written, with the weights, where there is one
   */
  weights(folder: string, file?: string): Promise<object>;
  /** The locks in a folder and in the folders in it. */
  locksIn(folder: string): Promise<FoundLock[]>;
  /** Takes locks away that were found. */
  removeLocks(locks: readonly FoundLock[]): Promise<void>;
  devices(): Promise<{ devices: Availability[]; providers: Availability[] }>;
  /** Rejects with the reason of the signal where that aborts. */
  fetchDataSet(name: string, options: FetchOptions, control: FetchControl): Promise<void>;
  /** Reads a data set, in its folder unless another one is given. */
  dataSetInformation(name: string, folder?: string): Promise<DataSetInformation>;
  /** The same of all data sets, whether they can be read or not. */
  surveyDataSets(): Promise<(DataSetInformation | MissingDataSet)[]>;
}

/**
 * Opens Sulcus for plug-ins that a command asks for, and for those that a run folder or file has recorded. Rejects with a
 * UsageError where one cannot be had.
 *
 * @param recorded a folder's, or what a file says
 */
export type OpenBackend = (asked?: PluginsAsked, recorded?: string | PluginsRecorded) => Promise<Backend>;
