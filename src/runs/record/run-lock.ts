import { readFileSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { StorageError } from "../../kinds/errors.ts";
import { beatSeconds, isHeld, isUnchanged, ownLockText, readLock, silentSeconds } from "./lock-file.ts";
import { holderInWords, inUse } from "./lock-words.ts";
import { removeRemnants } from "./remnants.ts";
import { runFiles } from "./run-files.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";

// Lock files of the usual packages are stale after a time in which nobody touched them. A run that was killed has to go on
// at once, and a step may take longer than any such time; so it is the process that is looked for. Of a process on
// another machine the heartbeat is all that is known.

/** A folder that this process holds. */
export interface Hold {
  /**
   * Makes sure that the folder still is this process's. A machine that was put to sleep may find that another one has
   * taken it over.
   *
   * @throws StorageError where it is not; then nothing may be written there any more
   */
  check(): Promise<void>;
}

/**
 * Does some work while this process alone writes in a run folder, which run.lock in it tells the others. The lock of a
 * process that is gone, or whose heart has stopped, is taken over, and what it left half-written is removed.
 *
 * @throws StorageError when a process is at work there, naming it; or when the lock cannot be written.
 */
export async function holdingRunFolder<T>(folder: string, work: (hold: Hold) => Promise<T>): Promise<T> {
  const path = join(folder, runFiles.lock);
  const text = await acquire(folder, path);
  const check = () => confirm(folder, path, text);
  let beat = Promise.resolve();
  const heart = setInterval(() => {
    // What a beat finds wrong is told by the next check.
    beat = check().catch(() => {});
  }, 1000 * beatSeconds).unref();
  try {
    await clear(folder, path);
    return await work({ check });
  } finally {
    clearInterval(heart);
    await beat;
    release(path, text);
  }
}

/** Takes away the lock of a process that ended as it had finished its run, with what else it left. */
export async function tidyRunFolder(folder: string): Promise<void> {
  const lock = await readLock(join(folder, runFiles.lock));
  if (lock && !(await isHeld(lock))) await holdingRunFolder(folder, async () => {});
}

/** Removes what processes that are gone have left. */
async function clear(folder: string, path: string): Promise<void> {
  await removeRemnants(folder);
  await removeRemnants(join(folder, runFiles.figures));
  const guard = await readLock(`${path}.takeover`);
  if (guard && !(await isHeld(guard))) await rm(guard.path, { force: true });
}

/** Locks of this process and what stands in them. */
const held = new Map<string, string>();

/** A process that ends in the middle of its work, by whatever error, takes its locks along. */
function note(path: string, text: string): void {
  if (!process.listeners("exit").includes(releaseAll)) process.on("exit", releaseAll);
  held.set(path, text);
}

function releaseAll(): void {
  for (const [path, text] of held) release(path, text);
}

/** Takes the lock; gives what stands in it. */
async function acquire(folder: string, path: string): Promise<string> {
  for (;;) {
    const text = ownLockText();
    if (await create(path, text)) return text;
    const found = await readLock(path);
    if (found === undefined) continue;
    if (await isHeld(found)) throw await inUse(folder, found);
    // Of several that find the same stale lock, one at a time may remove it, and only if it is still that one.
    const guard = `${path}.takeover`;
    const guarding = await acquire(folder, guard);
    try {
      if (await isUnchanged(found)) await rm(path, { force: true });
    } finally {
      release(guard, guarding);
    }
  }
}

/** Whether the lock was free and is now this process's. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    note(path, text);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw storageFailure("written", path, error);
  }
}

/** Gives the lock back, if it is still this process's. In one go, so that it can be the last thing that a process does. */
function release(path: string, text: string): void {
  held.delete(path);
  try {
    if (readFileSync(path, "utf8") === text) rmSync(path, { force: true });
  } catch {
    // It is gone, or a disk that is lost cannot be asked: who comes next finds that this process is.
  }
}

/** Lets the heart beat. Throws a StorageError where the lock is another process's, or cannot be read. */
async function confirm(folder: string, path: string, text: string): Promise<void> {
  const found = await readLock(path);
  // Somebody has removed it: what holds the folder is said again, unless another process is quicker.
  if (found === undefined && (await create(path, text))) return;
  if (found === undefined || found.text !== text) {
    const by = found?.holder ? ` by ${holderInWords(found.holder)}` : "";
    throw new StorageError(
      `${folder} has been taken over${by}, since this process was silent for more than ${silentSeconds} s; it stops without saving`,
    );
  }
  try {
    const file = await open(path, "r+");
    try {
      await file.write(Buffer.from(text.slice(-1)), 0, 1, Buffer.byteLength(text) - 1);
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch {
    // The folder is this process's all the same; of a disk that is full or lost tells what cannot be saved.
  }
}
