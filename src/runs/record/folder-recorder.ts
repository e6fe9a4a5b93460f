import { stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Recorder } from "../../training/recorder.ts";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { writeFailedMeasures } from "./failed-measures-file.ts";
import { exists, makeFolder } from "./make-folder.ts";
import { measureFile } from "./measure-records.ts";
import { appendMetrics, readMetrics, truncateAfterStep } from "./metrics-log.ts";
import { writeNpz } from "./npz.ts";
import { runFiles, snapshotFile } from "./run-files.ts";
import { writeSummary } from "./run-folder.ts";
import type { Hold } from "./run-lock.ts";
import { readTiming, writeTiming } from "./timing.ts";

/** The file of a measure as it is written: that its record is what the measure says has been found out before. */
const written = (measure: string) => measureFile({ kind: measure, record: z.looseObject({}) });

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
    async keepSnapshot(step, parameters) {
      await makeFolder(join(folder, runFiles.snapshots));
      await writeNpz(snapshotFile(folder, step), parameters);
    },
    timing: () => readTiming(folder),
    keepTiming: (timing) => writeTiming(folder, timing),
    hasMeasure: (measure) => written(measure).has(folder),
    keepMeasure: (measure, record) => written(measure).write(folder, record),
    keepFailedMeasures: (failed) => writeFailedMeasures(folder, failed),
    finish: (summary) => writeSummary(folder, summary),
  };
}
