import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod";
import { DataError } from "../../kinds/errors.ts";
import { checked } from "../../records/checked.ts";
import { writeWhole } from "./atomic-file.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { expectFinite } from "./finite.ts";
import { exists } from "./make-folder.ts";
import { storageFailure } from "./storage-failure.ts";

/** A file of a run folder that holds the result of one analysis as JSON. */
export interface ResultFile<Result> {
  /** Whether a run folder has it. Throws StorageError when the system will not tell. */
  has(folder: string): Promise<boolean>;
  /** Throws StorageError when it cannot be written, SulcusError when one of its numbers is not finite. */
  write(folder: string, result: Result): Promise<void>;
  /** Throws StorageError when it cannot be read, DataError when it is damaged. */
  read(folder: string): Promise<Result>;
}

/**
 * @param name of the file
 * @param what it is, with its article, for messages: "a representation"
 */
export function resultFile<Result extends object>(
  name: string,
  what: string,
  schema: z.ZodType<Result>,
): ResultFile<Result> {
  return {
    has: (folder) => exists(join(folder, name)),
    async write(folder, result) {
      expectFinite(join(folder, name), result);
      await writeWhole(join(folder, name), `${toExactJson(result)}\n`);
    },
    async read(folder) {
      const path = join(folder, name);
      const text = await readFile(path, "utf8").catch((error: unknown) => {
        throw storageFailure("read", path, error);
      });
      const damaged = (fault: string) =>
        new DataError(`${path} is not ${what}: ${fault}; remove it and resume the run to make it again`);
      let value: unknown;
      try {
        value = fromExactJson(text);
      } catch {
        throw damaged("it is not whole JSON");
      }
      const result = checked<Result>(schema, value);
      if ("fault" in result) throw damaged(result.fault);
      return result.value;
    },
  };
}
