import { open, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StorageError } from "../../compute/errors.ts";
import { runFiles } from "./run-files.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";

// Lock files of the usual packages are stale after a time in which nobody touched them. A run that was killed has to go on
// at once, and a step may take longer than any such time; so it is the process that is looked for.

/** The process that holds a run folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When it started, in the system's own count: numbers of processes are used again. Absent where that is not told. */
  readonly started?: string | undefined;
}

/** What stands in a lock file; no holder where it is torn. */
interface Lock {
  readonly text: string;
  readonly holder: Holder | undefined;
}

/**
 * Does some work while this process alone writes in a run folder, which run.lock in it tells the others. The lock of a
 * process that is gone is taken over.
 *
 * @throws StorageError when a process is at work there, naming it; or when the lock cannot be written.
 */
export async function holdingRunFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, runFiles.lock);
  await acquire(folder, path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(folder: string, path: string): Promise<void> {
  while (!(await create(path))) {
    const found = await read(path);
    if (found === undefined) continue;
    if (found.holder && (await isAtWork(found.holder))) throw inUse(folder, path, found.holder);
    // Of several that find the same stale lock, one at a time may remove it, and only if it is still that one.
    const guard = `${path}.takeover`;
    await acquire(folder, guard);
    try {
      if ((await read(path))?.text === found.text) await rm(path, { force: true });
    } finally {
      await rm(guard, { force: true });
    }
  }
}

/** Whether the lock was free and is now this process's. */
async function create(path: string): Promise<boolean> {
  const holder: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(`${JSON.stringify(holder)}\n`);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw storageFailure("written", path, error);
  }
}

/** Milliseconds after which a lock without a holder is that of a process which was killed as it wrote it. */
const longestWrite = 500;

/** The lock that is there; undefined where there is none. */
async function read(path: string): Promise<Lock | undefined> {
  for (let waited = 0; ; waited += 25) {
    try {
      const text = await readFile(path, "utf8");
      const holder = holderIn(text);
      if (holder || waited >= longestWrite) return { text, holder };
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw storageFailure("read", path, error);
    }
    await sleep(25);
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const holder: Partial<Holder> = JSON.parse(text);
    return Number.isInteger(holder.pid) && typeof holder.host === "string" ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Processes of other machines cannot be looked for, and are taken to be at work. */
async function isAtWork({ pid, host, started }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return false;
  }
  return started === undefined || started === (await startOf(pid));
}

/** When a process started, in clock ticks since the system did; undefined where the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name, in parentheses, may hold anything; the start is the 20th field after it.
  return status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
}

function inUse(folder: string, path: string, { pid, host }: Holder): StorageError {
  const where = host === hostname() ? "" : ` on ${JSON.stringify(host)}`;
  return new StorageError(
    `${folder} is in use by process ${pid}${where}; wait for its end or stop it, or remove ${path} if there is no such run`,
  );
}
