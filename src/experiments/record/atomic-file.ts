import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { storageFailure } from "./storage-failure.ts";

/** What a file is written from; of a stream each chunk is on its way to the disk before the next one is asked for. */
export type Contents = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Where a file stands until it is whole. One fixed name, so that a killed run leaves at most one remnant a file. */
export function partialPath(path: string): string {
  return `${path}.partial`;
}

/**
 * Writes a file so that under `path` there is always something whole: all goes to `<path>.partial` beside it, is flushed
 * to the disk, and is then renamed over `path`. One writer a path at a time.
 *
 * @param contents text (UTF-8), bytes, or a stream of chunks, which need not fit in memory together.
 * @throws StorageError saying which file, why (disk full, not writable, ...) and what to try. An error thrown by the
 * stream itself comes through as it is. Either way the partial file is removed and an older file under `path` is as before.
 */
export async function writeWhole(path: string, contents: Contents): Promise<void> {
  const partial = partialPath(path);
  try {
    const file = await open(partial, "w");
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
    throw storageFailure("written", path, error);
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
