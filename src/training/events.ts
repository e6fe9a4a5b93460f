import type { Evaluation, MetricWords, RunSummary } from "../records/learning-record.ts";

/** Where a run stands in its collection. */
export interface CollectionPlace {
  /** Which run, from 1 on. */
  cell: number;
  /** Of how many. */
  cells: number;
}

/** How far a run has come, from 0 to 1. */
export interface RunningShare {
  run: string;
  share: number;
}

/** How far a collection has come. */
export interface CollectionProgress extends CollectionPlace {
  /** Of this run and all that are not done, taking each to be as long as the mean of those before. */
  secondsLeft: number;
  /** Runs that are done, well or not. */
  done: number;
  /** Those that go on: this one, and with several workers others. */
  running: RunningShare[];
}

/** What a run tells while it goes on. `run` is its label ("gevb", "bp-seed-2"). */
export type RunEvent =
  | {
      type: "started";
      run: string;
      folder: string;
      step: number;
      totalSteps: number;
      device: string;
      provider: string;
      /** What somebody should know of the data: how many images were left out and why. */
      notes?: readonly string[];
      collection?: CollectionPlace;
    }
  | {
      type: "progress";
      run: string;
      step: number;
      totalSteps: number;
      epoch: number;
      /** Mean loss of the latest batches; null where nothing was asked. */
      loss: number | null;
      /** Metrics by name, the most important first. */
      metrics: Readonly<Record<string, MetricWords>>;
      stepsPerSecond: number;
      secondsLeft: number;
      collection?: CollectionProgress;
      /** Of the latest batches, the value of each metric by its name, such as error; null where it was undefined. */
      [metric: string]: unknown;
    }
  /**
   * How far the run is with what takes long besides training: "evaluation", "report", or the name of a measure; at most once
   * a second.
   */
  | { type: "phase"; run: string; phase: string; done: number; total: number }
  /** `lossUnit`: of loss and trainLoss, such as "nats"; `metrics`: by name, the most important first. */
  | ({
      type: "evaluated";
      run: string;
      lossUnit: string;
      metrics: Readonly<Record<string, MetricWords>>;
    } & Evaluation)
  | {
      type: "saved";
      run: string;
      step: number;
      file: string;
      /** Of the file, and what of it is the optimiser's state. */
      bytes: number;
      optimiserBytes: number;
      /** Whether the run is over. */
      last: boolean;
    }
  /** A measure was taken and recorded; the words are what is to be told of it, a line each. */
  | { type: "measure-taken"; run: string; folder: string; measure: string; words: readonly string[] }
  /** A measure failed after training; all else goes on. */
  | { type: "measure-failed"; run: string; folder: string; measure: string; message: string }
  | { type: "finished"; run: string; folder: string; summary: RunSummary; collection?: CollectionPlace }
  /** A run of a collection that ended in an error; the others go on. */
  | { type: "failed"; run: string; folder: string; message: string }
  /** One of several results of an experiment that does not train: in words, and as plain data. */
  | { type: "measured"; run: string; step: number; totalSteps: number; words: string; result: object }
  /** The table that sums an experiment up was written, or written again; as Markdown. */
  | { type: "tabled"; folder: string; table: string; markdown: string }
  | { type: "reported"; folder: string; report: string };

export type RunListener = (event: RunEvent) => void;
