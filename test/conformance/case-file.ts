import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { DataError } from "../../src/kinds/errors.ts";
import { parsePlain } from "../../src/kinds/plain-data.ts";

/** What every reference case has, and the rest of it unread. */
export const CaseHeader = z.looseObject({ kind: z.string(), name: z.string() });

/** A case as its file holds it. */
export interface CaseFile {
  readonly file: string;
  readonly header: z.infer<typeof CaseHeader>;
}

/**
 * Reads every *.json of a folder, in the order of the names.
 *
 * @throws DataError for a folder that is missing or has no cases, broken JSON, or a file without kind and name
 */
export async function readCases(folder: string): Promise<CaseFile[]> {
  const names = await readdir(folder).catch(() => {
    throw new DataError(`the folder ${folder} cannot be read; give a folder of reference cases`);
  });
  const files = names.filter((name) => name.endsWith(".json")).sort();
  if (files.length === 0) throw new DataError(`the folder ${folder} holds no *.json; give a folder of reference cases`);
  return Promise.all(files.map((file) => readCase(folder, file)));
}

async function readCase(folder: string, file: string): Promise<CaseFile> {
  const text = await readFile(join(folder, file), "utf8");
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { file, header: parseCase(file, CaseHeader, data) };
}

/** @throws DataError naming the file and the first field that is not as the schema says */
export function parseCase<T>(file: string, schema: z.ZodType<T>, data: unknown): T {
  const parsed = parsePlain(schema, data);
  if ("value" in parsed) return parsed.value;
  throw new DataError(`${file}, ${parsed.fault}`);
}
