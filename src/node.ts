/**
 * All of Sulcus in Node: the public API of browsers and Node, and run folders, reports and files besides.
 */
export {
  type ExperimentOptions,
  type NewRunOptions,
  type RunOptions,
  rebuildReport,
  resume,
  run,
  runExperiment,
} from "./built-in-runs.ts";
export * from "./index.ts";
export type { FailedMeasure } from "./records/failed-measures-record.ts";
export type { Collection } from "./runs/collection.ts";
export type { Cell } from "./runs/execution/cell.ts";
export { defineExperiment } from "./runs/experiment.ts";
export { readAttentionWeights } from "./runs/read-attention-weights.ts";
export type { RunResult } from "./runs/run.ts";
export { seeds } from "./runs/setting-lists.ts";
