import type { FetchControl, FetchOptions } from "../experiments/data/fetch-data-set.ts";
import type { DataSetInformation, MissingDataSet } from "../experiments/data/information.ts";
import type { RunListener } from "../experiments/events.ts";
import type { experimentConfigs } from "../experiments/experiment-configs.ts";

/** How a run reports to the command line, and how the command line stops it. */
export interface RunControl {
  onEvent: RunListener;
  /** Aborted when the run shall stop after its current step, save, and reject with an InterruptedError. */
  signal: AbortSignal;
}

/** The same for a run that starts afresh. */
export interface NewRunControl extends RunControl {
  /** Run folder; absent: the backend chooses one. */
  out?: string;
}

/** Experiments that the command line can run. */
export type ExperimentName = keyof typeof experimentConfigs;

/** A device or contraction provider. */
export interface Availability {
  name: string;
  available: boolean;
  /** What was found, or the reason why it is not available. */
  detail: string;
}

/** A registered name with its one line of explanation. */
export interface ListedName {
  name: string;
  summary: string;
}

/**
 * All that the command line asks of the rest of Sulcus. Requests that are wrong reject with a UsageError, failures with
 * another SulcusError, a stopped run with an InterruptedError.
 */
export interface Backend {
  /** Settings hold only what was asked for; the backend fills in the defaults of the experiment. */
  run(experiment: ExperimentName, settings: Readonly<Record<string, unknown>>, control: NewRunControl): Promise<void>;
  resume(experiment: ExperimentName, folder: string, control: RunControl): Promise<void>;
  /** Draws the figures and the report of a run folder again; returns the path of report.html. */
  rebuildReport(folder: string): Promise<string>;
  devices(): Promise<{ devices: Availability[]; providers: Availability[] }>;
  /** Registered names by heading ("experiments", "rules", ...). */
  listing(): Promise<Record<string, ListedName[]>>;
  /** Rejects with the reason of the signal where that aborts. */
  fetchDataSet(name: string, options: FetchOptions, control: FetchControl): Promise<void>;
  /** Reads a data set, in its folder unless another one is given. */
  dataSetInformation(name: string, folder?: string): Promise<DataSetInformation>;
  /** The same of all data sets, whether they can be read or not. */
  surveyDataSets(): Promise<(DataSetInformation | MissingDataSet)[]>;
}
