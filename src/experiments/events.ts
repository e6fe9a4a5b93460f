import type { Evaluation, RunSummary } from "../report/learning-record.ts";
import type { TableCell } from "../report/table-record.ts";

/** Where a run stands in its collection. */
export interface CollectionPlace {
  /** Which run, from 1 on. */
  cell: number;
  /** Of how many. */
  cells: number;
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
      collection?: CollectionPlace;
    }
  | {
      type: "progress";
      run: string;
      step: number;
      totalSteps: number;
      epoch: number;
      /** Loss and error (0 to 1) of the latest batches. */
      loss: number;
      error: number;
      stepsPerSecond: number;
      secondsLeft: number;
      /** `secondsLeft`: of this run and all after it, taking each to be as long as the mean of those before. */
      collection?: CollectionPlace & { secondsLeft: number };
    }
  | ({ type: "evaluated"; run: string } & Evaluation)
  | { type: "saved"; run: string; step: number; file: string }
  | { type: "finished"; run: string; folder: string; summary: RunSummary }
  /** A run of a collection that ended in an error; the others go on. */
  | { type: "failed"; run: string; folder: string; message: string }
  /** A table of a collection was written again. */
  | { type: "tabled"; folder: string; table: string; cells: readonly TableCell[] }
  | { type: "reported"; folder: string; report: string };

export type RunListener = (event: RunEvent) => void;
