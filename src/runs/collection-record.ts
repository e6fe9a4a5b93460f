import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { DataError } from "../kinds/errors.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { RunSummary } from "../records/learning-record.ts";
import { describeEnvironment } from "./environment.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { readFailedMeasures } from "./record/failed-measures-file.ts";
import { exists, makeFolder } from "./record/make-folder.ts";
import { removeFile } from "./record/remove-file.ts";
import { runFiles } from "./record/run-files.ts";
import { readSummary, writeConfig } from "./record/run-folder.ts";

/** How far a run of a collection has come, as its sub-folder tells. */
export type CellState =
  | { readonly state: "waiting" | "begun" }
  | { readonly state: "finished"; readonly summary: RunSummary; readonly failedMeasures: readonly FailedMeasure[] }
  | { readonly state: "failed"; readonly message: string };

const Failure = z.object({ message: z.string() });

/** @throws StorageError or DataError where what the run left cannot be read */
export async function readCell(folder: string): Promise<CellState> {
  if (await exists(join(folder, runFiles.summary)))
    return {
      state: "finished",
      summary: await readSummary(folder),
      failedMeasures: await readFailedMeasures(folder),
    };
  const failure = join(folder, runFiles.failure);
  if (await exists(failure)) return { state: "failed", message: await readFailure(failure) };
  return { state: (await exists(join(folder, runFiles.config))) ? "begun" : "waiting" };
}

async function readFailure(path: string): Promise<string> {
  try {
    return Failure.parse(JSON.parse(await readFile(path, "utf8"))).message;
  } catch {
    throw new DataError(`${path} is not the record of a failure; remove it, and the run is tried again`);
  }
}

/** Leaves in the folder of a run why it failed. */
export async function writeFailure(folder: string, message: string): Promise<void> {
  await makeFolder(folder);
  await writeWhole(join(folder, runFiles.failure), `${JSON.stringify({ message })}\n`);
}

/** Forgets a failure, before the run is tried again. */
export async function clearFailure(folder: string): Promise<void> {
  await removeFile(join(folder, runFiles.failure));
}

/** Writes config.yaml of a collection. */
export async function writeCollection(
  folder: string,
  {
    experiment,
    cells,
    sweep,
    settings,
  }: { experiment: string; cells: readonly string[]; sweep?: object | undefined; settings: object },
): Promise<void> {
  await writeConfig(folder, {
    experiment,
    cells: [...cells],
    ...(sweep === undefined ? {} : { sweep }),
    settings,
    environment: await describeEnvironment(),
  });
}
