import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StorageError } from "../kinds/errors.ts";
import { isHeld, isUnchanged, type Lock, readLock, silenceOf } from "./record/lock-file.ts";
import { agoInWords, holderInWords } from "./record/lock-words.ts";
import { presenceOf } from "./record/process-identity.ts";
import { removeFile } from "./record/remove-file.ts";
import { runFiles } from "./record/run-files.ts";
import { storageFailure } from "./record/storage-failure.ts";

/** A lock in the folder of a run, or of a run in a collection. */
export interface FoundLock {
  readonly path: string;
  /** Who holds it, since when, and what is known of that process. */
  readonly words: string;
  /** The process that is known to be at work on this machine; absent where none is. */
  readonly atWork?: number | undefined;
  /** What stands in it. */
  readonly text: string;
}

/**
 * The locks in a folder and in the folders in it, as a collection has one in each of its runs.
 *
 * @throws StorageError where one cannot be read, or a file of another origin has its name
 */
export async function locksIn(folder: string): Promise<FoundLock[]> {
  const found: FoundLock[] = [];
  for (const path of await lockPaths(folder)) {
    const lock = await readLock(path);
    if (lock) found.push(await described(lock));
  }
  return found;
}

async function lockPaths(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw storageFailure("read", folder, error);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const paths: string[] = [];
  for (const each of [folder, ...folders.sort()]) {
    const names = await readdir(each).catch(() => []);
    // With the guards of those that were about to take one over.
    paths.push(...names.filter((name) => name.startsWith(runFiles.lock)).map((name) => join(each, name)));
  }
  return paths;
}

async function described(lock: Lock): Promise<FoundLock> {
  const { path, text, holder } = lock;
  if (!holder) return { path, text, words: "torn: its process was killed as it wrote it" };
  const began = Date.parse(holder.since ?? "");
  const since = Number.isNaN(began) ? "" : `, since ${new Date(began).toISOString()}`;
  const beat = `last heartbeat ${agoInWords(await silenceOf(lock))}`;
  const presence = presenceOf(holder);
  const state = {
    present: "at work on this machine",
    gone: "that process is gone",
    unknown: (await isHeld(lock)) ? "it may be at work" : "its heart has stopped",
  }[presence];
  return {
    path,
    text,
    words: `${holderInWords(holder)}${since}, ${beat}: ${state}`,
    ...(presence === "present" ? { atWork: holder.pid } : {}),
  };
}

/**
 * Takes locks away that were found.
 *
 * @throws StorageError where one of their processes is at work on this machine, before any is taken away
 */
export async function removeLocks(locks: readonly FoundLock[]): Promise<void> {
  const busy = locks.find(({ atWork }) => atWork !== undefined);
  if (busy)
    throw new StorageError(
      `${busy.path} is that of process ${busy.atWork}, which is at work on this machine; stop it by kill ${busy.atWork}: it saves, and takes its lock away itself`,
    );
  for (const lock of locks) {
    // Another process may have taken it over since it was found.
    if (await isUnchanged(lock)) await removeFile(lock.path);
  }
}
