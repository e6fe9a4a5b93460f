import { StorageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { shellWord } from "../resume-command.ts";
import { type Holder, type Lock, silenceOf, silentSeconds } from "./lock-file.ts";
import { presenceOf, thisProcess } from "./process-identity.ts";

/** 'process 4321 on "node017" (SLURM 99)'; the host only where it is another one. */
export function holderInWords({ pid, host, job }: Holder): string {
  const where = host === thisProcess().host ? "" : ` on ${shown(host)}`;
  return `process ${pid}${where}${job === undefined ? "" : ` (${shown(job).slice(1, -1)})`}`;
}

/** Why a folder cannot be taken that somebody holds. */
export async function inUse(folder: string, lock: Lock): Promise<StorageError> {
  const { holder } = lock;
  const which = `${folder} is in use by ${holder ? holderInWords(holder) : "a process"}`;
  if (holder && presenceOf(holder) === "present")
    return new StorageError(`${which}; wait for its end, or stop it by kill ${holder.pid}`);
  return new StorageError(
    `${which}, whose last heartbeat was ${agoInWords(await silenceOf(lock))}; wait for its end or stop it; its lock is taken over ${silentSeconds} s after the last heartbeat, or taken away by sulcus unlock ${shellWord(folder)}`,
  );
}

/** "8 s ago", "12 min ago", "5 h ago", "3 days ago". */
export function agoInWords(seconds: number): string {
  if (seconds < -1) return `${Math.round(-seconds)} s in the future`;
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
}
