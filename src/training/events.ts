import type { AttentionRecord } from "../papers/attention/attention-record.ts";
import type { TableCell } from "../papers/gevb/table-record.ts";
import type { WidthAlignment } from "../papers/gevb/width-record.ts";
import type { Evaluation, MetricWords, RunSummary } from "../records/learning-record.ts";
import type { Representation } from "../records/representation-record.ts";

/** What a run does for long besides training. */
export type PhaseName = "evaluation" | "representation" | "specialization" | "attention" | "report";

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
  /** How far the run is with what takes long besides training; at most once a second. */
  | { type: "phase"; run: string; phase: PhaseName; done: number; total: number }
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
  | ({ type: "represented"; run: string } & Omit<Representation, "points">)
  /** Structure and specialization of modules were measured; the notes are sentences that somebody should know. */
  | { type: "specialized"; run: string; folder: string; notes: readonly string[] }
  /** The effects of attention were analysed. */
  | ({ type: "attended"; run: string; folder: string } & Pick<
      AttentionRecord,
      "scenes" | "accuracy" | "balancedAccuracy" | "macroF1" | "otherObject"
    >)
  /** A measure failed after training; all else goes on. */
  | { type: "measure-failed"; run: string; folder: string; measure: string; message: string }
  | { type: "finished"; run: string; folder: string; summary: RunSummary; collection?: CollectionPlace }
  /** A run of a collection that ended in an error; the others go on. */
  | { type: "failed"; run: string; folder: string; message: string }
  /** A table of a collection was written again. */
  | { type: "tabled"; folder: string; table: string; cells: readonly TableCell[] }
  /** Alignment in one of several networks that do not learn. */
  | ({ type: "measured"; run: string; step: number; totalSteps: number } & WidthAlignment)
  /** A Markdown table that compares what was measured. */
  | { type: "compared"; folder: string; table: string; markdown: string }
  | { type: "reported"; folder: string; report: string };

export type RunListener = (event: RunEvent) => void;
