import { type FileHandle, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { openBeside } from "./partial-name.ts";
import { storageFailure } from "./storage-failure.ts";

/** What a file is written from; of a stream each chunk is on its way to the disk before the next one is asked for. */
type Contents = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a file so that under `path` there is always something whole: all goes to a file of its own beside it
 * (`makeBeside`), is flushed to the disk, and is then renamed over `path`. Of two writers of one path the last one stays.
 *
 * @param contents text (UTF-8), bytes, or a stream of chunks, which need not fit in memory together.
 * @throws StorageError saying which file, why (disk full, not writable, ...) and what to try. An error thrown by the
 * stream itself comes through as it is. Either way the partial file is removed and an older file under `path` is as before.
 */
export async function writeWhole(path: string, contents: Contents): Promise<void> {
  try {
    const { partial, file } = await openBeside(path);
    try {
      try {
        await fill(file, contents);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    } catch (error) {
      // The first error is the one to tell: whether the remnant can be removed as well is of no further interest.
      await rm(partial, { force: true }).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw storageFailure("written", path, error);
  }
}

/**
 * Tries whether files can be written in a folder, by writing one and removing it.
 *
 * @throws StorageError saying why not and what to try.
 */
export async function probeWritable(folder: string): Promise<void> {
  try {
    const { partial, file } = await openBeside(join(folder, "writable"));
    try {
      await writeAll(file, Buffer.from("This file can be removed.\n"));
      await file.sync();
    } finally {
      await file.close();
      await rm(partial, { force: true });
    }
  } catch (error) {
    throw storageFailure("written", folder, error);
  }
}

async function fill(file: FileHandle, contents: Contents): Promise<void> {
  if (typeof contents === "string") return writeAll(file, Buffer.from(contents, "utf8"));
  if (contents instanceof Uint8Array) return writeAll(file, contents);
  for await (const chunk of contents) await writeAll(file, chunk);
}

/** One write may take only a part of what it is given, for instance the part that still fits on the disk. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}
