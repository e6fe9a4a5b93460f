/**
 * All of Sulcus in Node: the public API of browsers and Node, and run folders, reports and files besides.
 */
export {
  drawFigures,
  loadRuns,
  type NewRunOptions,
  type RunOptions,
  rebuildReport,
  resume,
  run,
} from "./built-in-runs.ts";
export * from "./index.ts";
export type { FailedMeasure } from "./records/failed-measures-record.ts";
export { readAttentionWeights } from "./runs/read-attention-weights.ts";
export type { RunResult } from "./runs/run.ts";
export { type FigureOptions, writeFigure } from "./runs/write-figures.ts";
