import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { DataError } from "../../compute/errors.ts";
import type { Representation } from "../../report/representation-record.ts";
import { writeWhole } from "./atomic-file.ts";
import { checked } from "./event-schemas.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { exists } from "./make-folder.ts";
import { runFiles } from "./run-files.ts";
import { storageFailure } from "./storage-failure.ts";

const representationSchema = z.looseObject({
  population: z.string(),
  count: z.int().min(1),
  silhouette: z.number(),
  purity: z.number(),
  neighbours: z.int().min(1),
  perplexity: z.number(),
  points: z.array(z.looseObject({ x: z.number(), y: z.number(), label: z.int().min(0) })),
}) satisfies z.ZodType<Representation>;

/** Whether a run folder has a representation. Throws StorageError when the system will not tell. */
export function hasRepresentation(folder: string): Promise<boolean> {
  return exists(join(folder, runFiles.representation));
}

/** Writes representation.json. Throws StorageError when it cannot. */
export async function writeRepresentation(folder: string, representation: Representation): Promise<void> {
  await writeWhole(join(folder, runFiles.representation), `${toExactJson(representation)}\n`);
}

/** Reads representation.json back. Throws StorageError when it cannot be read, DataError when it is damaged. */
export async function readRepresentation(folder: string): Promise<Representation> {
  const path = join(folder, runFiles.representation);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw storageFailure("read", path, error);
  });
  const fault = (what: string) =>
    new DataError(`${path} is not a representation: ${what}; remove it and resume the run to make it again`);
  let value: unknown;
  try {
    value = fromExactJson(text);
  } catch {
    throw fault("it is not whole JSON");
  }
  const result = checked<Representation>(representationSchema, value);
  if ("fault" in result) throw fault(result.fault);
  const { count, points } = result.value;
  if (points.length !== count) throw fault(`it has ${points.length} points for ${count} stimuli`);
  return result.value;
}
