import { type FileHandle, open, readFile } from "node:fs/promises";
import type * as z from "zod";
import { DataError, StorageError } from "../../kinds/errors.ts";
import { checked } from "../../records/checked.ts";
import { writeWhole } from "./atomic-file.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { expectFinite } from "./finite.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";

/** Entries of one kind, one a line of JSON, written as they come. */
interface LineLog<T> {
  /**
   * Appends an entry as a line and flushes it to the disk, so that it outlives a kill or a power cut right after.
   *
   * @throws StorageError when the file cannot be written (it is then as before), or when its last line is torn: cut that
   * with `keep` first, else the two would run together; SulcusError when one of its numbers is not finite.
   */
  append(path: string, entry: T): Promise<void>;
  /**
   * All entries, in order. A torn last line, as a run killed in mid-write leaves it, is passed over.
   *
   * @throws StorageError when the file cannot be read; DataError naming file and line when another line is not an entry.
   */
  read(path: string): Promise<T[]>;
  /**
   * Keeps the entries that are wanted and drops the rest and a torn last line. The file is replaced as a whole or not at
   * all; a missing file stays missing.
   *
   * @throws StorageError when the file cannot be read or written; DataError as `read`.
   */
  keep(path: string, wanted: (entry: T) => boolean): Promise<void>;
}

/** @param what an entry in words, with its article: "an evaluation" */
export function lineLog<T>(schema: z.ZodType<T>, what: string): LineLog<T> {
  /** The entry of a line, or what is wrong with it. */
  const parse = (text: string): { value: T } | { fault: string } => {
    let value: unknown;
    try {
      value = fromExactJson(text);
    } catch {
      return { fault: "it is not whole JSON" };
    }
    return checked<T>(schema, value);
  };

  const readLines = async (path: string): Promise<{ text: string; entry: T }[]> => {
    const content = await readFile(path, "utf8").catch((error: unknown) => {
      throw storageFailure("read", path, error);
    });
    const texts = content.split("\n");
    // What follows the last line break: nothing, a line that lacks only its break, or a torn one.
    const tail = texts.pop() as string;
    const lines = texts.map((text, index) => {
      const parsed = parse(text);
      if ("value" in parsed) return { text, entry: parsed.value };
      throw new DataError(`${path}, line ${index + 1}, is not ${what}: ${parsed.fault}; mend or remove that line`);
    });
    const last = parse(tail);
    return "value" in last ? [...lines, { text: tail, entry: last.value }] : lines;
  };

  return {
    append: async (path, entry) => {
      expectFinite(`${what} of ${path}`, entry);
      await appendLine(path, toExactJson(entry), what);
    },
    read: async (path) => (await readLines(path)).map(({ entry }) => entry),
    async keep(path, wanted) {
      let lines: { text: string; entry: T }[];
      try {
        lines = await readLines(path);
      } catch (error) {
        // Killed before the first entry.
        if (error instanceof StorageError && systemCode(error.cause) === "ENOENT") return;
        throw error;
      }
      const kept = lines.filter(({ entry }) => wanted(entry));
      await writeWhole(path, kept.map(({ text }) => `${text}\n`).join(""));
    },
  };
}

async function appendLine(path: string, text: string, what: string): Promise<void> {
  const line = Buffer.from(`${text}\n`, "utf8");
  let file: FileHandle | undefined;
  try {
    file = await open(path, "a+");
    const { size } = await file.stat();
    if (!(await endsWithLine(file, size))) {
      throw new StorageError(
        `${path} ends in a torn line, so no ${what.replace(/^an? /, "")} can follow it; resume the run with --resume`,
      );
    }
    try {
      let written = 0;
      while (written < line.length) written += (await file.write(line, written)).bytesWritten;
      await file.datasync();
    } catch (error) {
      await file.truncate(size).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw storageFailure("written", path, error);
  } finally {
    await file?.close();
  }
}

async function endsWithLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last.toString("latin1") === "\n";
}
