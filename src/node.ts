/**
 * All of Sulcus in Node: the public API of browsers and Node, and run folders, reports and files besides.
 */
export {
  drawFigures,
  type ExperimentOptions,
  exportWeights,
  loadRuns,
  type NewRunOptions,
  observeRun,
  type RunOptions,
  rebuildReport,
  recordRun,
  resume,
  run,
  runExperiment,
} from "./built-in-runs.ts";
export * from "./index.ts";
export { nodeLibrary as builtIn } from "./node-library.ts";
export type { FailedMeasure } from "./records/failed-measures-record.ts";
export type { Collection } from "./runs/collection.ts";
export type { Cell } from "./runs/execution/cell.ts";
export { defineExperiment } from "./runs/experiment.ts";
export { readAttentionWeights } from "./runs/read-attention-weights.ts";
export type { RunRecordingOptions } from "./runs/recording/record-run.ts";
export type { RecordingFormat, WrittenRecording } from "./runs/recording/write-recording.ts";
export type { RunResult } from "./runs/run.ts";
export { seeds } from "./runs/setting-lists.ts";
export { type CircuitWeights, type WeightArray, writeWeights } from "./runs/weights-file.ts";
export { type FigureOptions, writeFigure } from "./runs/write-figures.ts";
