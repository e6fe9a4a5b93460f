import { join } from "node:path";
import { type FailedMeasure, FailedMeasures } from "../../records/failed-measures-record.ts";
import { removeFile } from "./remove-file.ts";
import { resultFile } from "./result-file.ts";
import { runFiles } from "./run-files.ts";

const file = resultFile(runFiles.failedMeasures, "a record of failed measures", FailedMeasures);

/** Measures of a run folder that failed when they were last taken. Throws as `ResultFile` does. */
export async function readFailedMeasures(folder: string): Promise<readonly FailedMeasure[]> {
  return (await file.has(folder)) ? (await file.read(folder)).measures : [];
}

/** Leaves which measures failed, and nothing where none did. Throws StorageError when it cannot. */
export async function writeFailedMeasures(folder: string, measures: readonly FailedMeasure[]): Promise<void> {
  if (measures.length > 0) return file.write(folder, { measures: [...measures] });
  await removeFile(join(folder, runFiles.failedMeasures));
}
