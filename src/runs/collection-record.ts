import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { DataError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import type { FailedMeasure } from "../records/failed-measures-record.ts";
import type { RunSummary } from "../records/learning-record.ts";
import { parseRun, seedlessKey } from "../training/run-description.ts";
import { describeEnvironment } from "./environment.ts";
import type { Cell } from "./execution/cell.ts";
import { keepPlugins } from "./plugins/keep-plugins.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { fromExactJson, toExactJson } from "./record/exact-json.ts";
import { readFailedMeasures } from "./record/failed-measures-file.ts";
import { exists, makeFolder } from "./record/make-folder.ts";
import { removeFile } from "./record/remove-file.ts";
import { runFiles } from "./record/run-files.ts";
import { readSummary, writeConfig } from "./record/run-folder.ts";
import { storageFailure } from "./record/storage-failure.ts";

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

/** Writes config.yaml of a collection, and every run that it asks for with all defaults. */
export async function writeCollection(
  folder: string,
  {
    experiment,
    cells,
    sweep,
    settings,
    library,
  }: {
    experiment: string;
    cells: readonly Cell[];
    sweep?: object | undefined;
    settings: object;
    library: Library;
  },
): Promise<void> {
  await writeWhole(join(folder, runFiles.cells), `${toExactJson(shortened(cells))}\n`);
  await writeConfig(folder, {
    experiment,
    cells: cells.map(({ name }) => name),
    ...(sweep === undefined ? {} : { sweep }),
    ...(await keepPlugins(folder, library)),
    settings,
    environment: await describeEnvironment(),
  });
}

/** Runs of a collection; those that differ in the seed alone share a description. */
const Cells = z.object({
  descriptions: z.array(z.record(z.string(), z.unknown())),
  cells: z.array(z.object({ name: z.string(), condition: z.string(), seed: z.number(), description: z.number() })),
});

function shortened(cells: readonly Cell[]): z.infer<typeof Cells> {
  const keys = new Map<string, number>();
  const descriptions: Record<string, unknown>[] = [];
  const short = cells.map(({ name, condition, description }) => {
    const { seed, ...rest } = description;
    const key = seedlessKey(description);
    if (!keys.has(key)) keys.set(key, descriptions.push(rest) - 1);
    return { name, condition, seed, description: keys.get(key)! };
  });
  return { descriptions, cells: short };
}

/**
 * The runs that a collection was begun with, so that those that have not begun do not depend on what has become of defaults since;
 * undefined in a folder that does not keep them.
 *
 * @throws StorageError or DataError where they cannot be read
 */
export async function readCells(folder: string, library: Library): Promise<readonly Cell[] | undefined> {
  const path = join(folder, runFiles.cells);
  if (!(await exists(path))) return undefined;
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw storageFailure("read", path, error);
  });
  const { descriptions, cells } = parsedCells(text, path);
  return cells.map(({ name, condition, seed, description }) => ({
    name,
    condition,
    description: parseRun({ ...descriptions[description], seed }, library, path),
  }));
}

function parsedCells(text: string, path: string): z.infer<typeof Cells> {
  try {
    return Cells.parse(fromExactJson(text));
  } catch {
    throw new DataError(
      `${path} does not list the runs of a collection; remove it, and they are made of config.yaml again`,
    );
  }
}
