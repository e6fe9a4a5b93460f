import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StorageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { fileClock } from "./file-clock.ts";
import { isProcessNumber, type ProcessIdentity, presenceOf, thisProcess } from "./process-identity.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";

/** The process that holds a folder, as its lock tells. */
export interface Holder extends ProcessIdentity {
  /** The job of a cluster that it belongs to: "SLURM 4711". */
  readonly job?: string | undefined;
  /** When it took the folder, by its own clock. */
  readonly since?: string | undefined;
}

/** A lock file as it was found; no holder where it is torn. */
export interface Lock {
  readonly path: string;
  readonly text: string;
  readonly holder: Holder | undefined;
  /** When its holder last wrote to it, by the clock of its file system. */
  readonly writtenMs: number;
}

/** Seconds from one heartbeat of a holder to the next: it writes to its lock. */
export const beatSeconds = 10;

/**
 * Seconds after its last heartbeat for which a holder that cannot be looked for is taken to be alive. Twelve beats: file
 * systems of a network may tell a time that is a minute old.
 */
export const silentSeconds = 120;

/** What this process writes in a lock. */
export function ownLockText(): string {
  const job = Object.entries(clusters).flatMap(([name, variable]) =>
    process.env[variable] ? [`${name} ${process.env[variable]}`] : [],
  )[0];
  const holder: Holder = { ...thisProcess(), job, since: new Date().toISOString() };
  return `${JSON.stringify(holder)}\n`;
}

/** Where clusters tell a process the number of its job. */
const clusters = { SLURM: "SLURM_JOB_ID", PBS: "PBS_JOBID", LSF: "LSB_JOBID" };

/** Milliseconds after which a lock without a holder is that of a process which was killed as it wrote it. */
const longestWrite = 500;

/** Bytes of a lock that are read: more no lock has. */
const largest = 1 << 16;

/**
 * The lock that is there; undefined where there is none.
 *
 * @throws StorageError where it cannot be read, or a file of another origin has its name
 */
export async function readLock(path: string): Promise<Lock | undefined> {
  for (let waited = 0; ; waited += 25) {
    const found = await readOnce(path);
    if (found === undefined || found.holder) return found;
    if (!isTorn(found.text))
      throw new StorageError(
        `${path} is no lock that Sulcus has written (it holds ${shown(found.text.slice(0, 80))}); move it away if nobody needs it`,
      );
    if (waited >= longestWrite || isWhole(found.text)) return found;
    await sleep(25);
  }
}

/** Whether a lock stands there as it was found. */
export const isUnchanged = async ({ path, text }: Pick<Lock, "path" | "text">): Promise<boolean> =>
  (await readOnce(path))?.text === text;

async function readOnce(path: string): Promise<Lock | undefined> {
  try {
    // Opened first: what a file server tells of an open file is not old.
    const file = await open(path, "r");
    try {
      const { mtimeMs } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(largest), 0, largest, 0);
      const text = buffer.toString("utf8", 0, bytesRead);
      return { path, text, holder: holderIn(text), writtenMs: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw storageFailure("read", path, error);
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, host, started, system, job, since } = JSON.parse(text) as Record<string, unknown>;
    if (!isProcessNumber(pid) || typeof host !== "string") return undefined;
    const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
    return { pid, host, started: textOf(started), system: textOf(system), job: textOf(job), since: textOf(since) };
  } catch {
    return undefined;
  }
}

/** Whether a text may be a part of a lock: what a process that was killed, or a disk whose power failed, leaves of one. */
function isTorn(text: string): boolean {
  const begin = '{"pid":';
  return /^\0*$/.test(text) || text.startsWith(begin) || begin.startsWith(text);
}

/** Whether nothing more is to come: what was written makes no sense, but it was written to its end. */
const isWhole = (text: string): boolean => text.endsWith("}") || text.endsWith("}\n");

/**
 * Whether the holder of a lock is at work. It is looked for where it counts in this system; else its heartbeat tells.
 *
 * @throws StorageError where the file system does not tell its time
 */
export async function isHeld(lock: Lock): Promise<boolean> {
  if (!lock.holder) return false;
  const presence = presenceOf(lock.holder);
  if (presence !== "unknown") return presence === "present";
  // Times to come are those of a clock that was put back: a holder that is alive has a new one soon.
  return Math.abs(await silenceOf(lock)) <= silentSeconds;
}

/** Seconds since a lock was last written to, by the clock of its file system. */
export async function silenceOf({ path, writtenMs }: Lock): Promise<number> {
  try {
    return ((await fileClock(dirname(path))) - writtenMs) / 1000;
  } catch (error) {
    throw storageFailure("written", dirname(path), error);
  }
}
