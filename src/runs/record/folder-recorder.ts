import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Recorder } from "../../training/recorder.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { exists } from "./make-folder.ts";
import { appendMetrics, readMetrics, truncateAfterStep } from "./metrics-log.ts";
import { runFiles } from "./run-files.ts";
import { writeSummary } from "./run-folder.ts";
import type { Hold } from "./run-lock.ts";
import { readTiming, writeTiming } from "./timing.ts";

/** Keeps the record of a run in a run folder that this process holds. */
export function folderRecorder(folder: string, hold: Pick<Hold, "check">): Recorder {
  const metrics = join(folder, runFiles.metrics);
  const checkpoint = join(folder, runFiles.checkpoint);
  return {
    place: folder,
    checkpointName: checkpoint,
    check: () => hold.check(),
    hasCheckpoint: () => exists(checkpoint),
    loadCheckpoint: (expected) => loadCheckpoint(folder, expected),
    async saveCheckpoint(given) {
      const { size } = await stat(await saveCheckpoint(folder, given));
      return size;
    },
    hasEvaluations: () => exists(metrics),
    evaluations: () => readMetrics(metrics),
    addEvaluation: (evaluation) => appendMetrics(metrics, evaluation),
    dropEvaluationsAfter: (step) => truncateAfterStep(metrics, step),
    timing: () => readTiming(folder),
    keepTiming: (timing) => writeTiming(folder, timing),
    finish: (summary) => writeSummary(folder, summary),
  };
}
