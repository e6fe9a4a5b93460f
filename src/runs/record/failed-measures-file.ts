import { join } from "node:path";
import * as z from "zod";
import { removeFile } from "./remove-file.ts";
import { resultFile } from "./result-file.ts";
import { runFiles } from "./run-files.ts";

/** A measure that a trained run asked for and that failed. */
export interface FailedMeasure {
  /** "representation", "specialization", "attention". */
  readonly measure: string;
  /** Why, in a sentence. */
  readonly message: string;
}

const file = resultFile<{ measures: FailedMeasure[] }>(
  runFiles.failedMeasures,
  "a record of failed measures",
  z.looseObject({ measures: z.array(z.looseObject({ measure: z.string(), message: z.string() })).min(1) }),
);

/** Measures of a run folder that failed when they were last taken. Throws as `ResultFile` does. */
export async function readFailedMeasures(folder: string): Promise<FailedMeasure[]> {
  return (await file.has(folder)) ? (await file.read(folder)).measures : [];
}

/** Leaves which measures failed, and nothing where none did. Throws StorageError when it cannot. */
export async function writeFailedMeasures(folder: string, measures: FailedMeasure[]): Promise<void> {
  if (measures.length > 0) return file.write(folder, { measures });
  await removeFile(join(folder, runFiles.failedMeasures));
}
