import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCode } from "./storage-failure.ts";

/** A process, told so that another one can find out later whether it is still there. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When it started, in the system's own count: numbers of processes are used again. Absent where that is not told. */
  readonly started?: string | undefined;
  /** The boot and the process namespace in which `pid` counts: hosts share names, and containers a host. Linux tells it. */
  readonly system?: string | undefined;
}

let known: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  known ??= { pid: process.pid, host: hostname(), started: statusOf(process.pid)?.started, system: thisSystem() };
  return known;
}

/**
 * Whether a process is there: "unknown" where it counts in another system, or where its number is in use and nothing tells
 * since when. One that has ended but whose parent has not asked for its end (a zombie) is gone.
 */
export function presenceOf({ pid, host, started, system }: ProcessIdentity): "present" | "gone" | "unknown" {
  const here = thisProcess();
  const sameSystem = system && here.system ? system === here.system : host === here.host;
  if (!sameSystem) return "unknown";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return "gone";
  }
  const status = statusOf(pid);
  if (status?.ended) return "gone";
  if (started === undefined || status?.started === undefined) return "unknown";
  return started === status.started ? "present" : "gone";
}

/** Whether a number can be that of a process. */
export const isProcessNumber = (pid: unknown): pid is number =>
  Number.isInteger(pid) && (pid as number) > 0 && (pid as number) < 2 ** 31;

/** This process in a word that can stand in the name of a file. */
export function ownTag(): string {
  const { pid, started } = thisProcess();
  return `${systemTag()}-${pid}-${started ?? 0}`;
}

/** What an `ownTag` looks like. */
export const tagPattern = "[0-9a-f]{8}-[0-9]{1,10}-[0-9]+";

/** Whether the process that an `ownTag` names is there. */
export function presenceOfTag(tag: string): "present" | "gone" | "unknown" {
  const [system, pid, started] = tag.split("-");
  if (system !== systemTag() || !isProcessNumber(Number(pid))) return "unknown";
  return presenceOf({ ...thisProcess(), pid: Number(pid), started: started === "0" ? undefined : started });
}

function systemTag(): string {
  const { system, host } = thisProcess();
  return createHash("sha256")
    .update(system ?? host)
    .digest("hex")
    .slice(0, 8);
}

function thisSystem(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** What the system tells of a process; undefined where it does not. */
function statusOf(pid: number): { started: string | undefined; ended: boolean } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold anything; the state is the first field after it, the start the 20th.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { started: fields[19], ended: ["Z", "X"].includes(fields[0]!) };
}
