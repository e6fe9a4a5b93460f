import { join } from "node:path";

/** What lies in a run folder, by name. */
export const runFiles = {
  /** Everything the run depends on, resolved. It makes a folder a run folder. */
  config: "config.yaml",
  /** One line an evaluation. */
  metrics: "metrics.jsonl",
  /** Weights, optimiser state and whatever else it takes to go on. */
  checkpoint: "checkpoint.npz",
  /** Folder of parameters as they were at evaluations, a .npz file for each, named after the step; where that was asked for. */
  snapshots: "snapshots",
  /** What the run ended with. */
  summary: "summary.json",
  /** Which measures failed after training, and why; only where some did. */
  failedMeasures: "failed-measures.json",
  /** In a collection: all its runs, whether they have begun or not. */
  cells: "cells.json",
  /** In a run of a collection: why it failed. */
  failure: "failure.json",
  /** What a collection sums its runs up in; table.csv beside it is for programs. */
  table: "table.md",
  /** Which process is at work here; there only as long as one is. */
  lock: "run.lock",
  /** How long it has computed; not part of its results. */
  timing: "timing.json",
  /** Folder of figures. */
  figures: "figures",
  report: "report.html",
} as const;

/** The file of a run folder that holds the parameters as they were after a step. */
export const snapshotFile = (folder: string, step: number): string => join(folder, runFiles.snapshots, `${step}.npz`);
