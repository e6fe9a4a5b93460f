import type { Evaluation, RunSummary } from "../report/learning-record.ts";
import type { Representation } from "../report/representation-record.ts";

/** What a run tells while it goes on. `run` is its label ("gevb", "bp"). */
export type RunEvent =
  | { type: "started"; run: string; folder: string; step: number; totalSteps: number; device: string; provider: string }
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
    }
  | ({ type: "evaluated"; run: string } & Evaluation)
  | { type: "saved"; run: string; step: number; file: string }
  | ({ type: "represented"; run: string } & Omit<Representation, "points">)
  | { type: "finished"; run: string; folder: string; summary: RunSummary }
  | { type: "reported"; folder: string; report: string };

export type RunListener = (event: RunEvent) => void;
