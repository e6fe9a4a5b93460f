import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Tinypool } from "tinypool";
import { SulcusError } from "../../kinds/errors.ts";
import type { RunSummary } from "../../records/learning-record.ts";
import { InterruptedError, requestedBy } from "../../training/interrupted.ts";
import type { NeededModule } from "../plugins/needed-modules.ts";
import type { RunControl } from "../run.ts";
import type { CellRunner, PlacedCell } from "./cell.ts";
import type { ParentMessage, WorkerAnswer, WorkerMessage, WorkerRequest } from "./cell-messages.ts";

/** What a worker loads, both in the source and in the build: it knows which kinds there are. */
const worker = new URL(`../../cell-worker${extname(import.meta.url)}`, import.meta.url).href;

/**
 * Runs cells in worker processes. Processes and not threads: a cell that takes its process down fails alone, and native
 * libraries are loaded once in each.
 *
 * @param workers how many processes
 * @param modules what they load plug-ins from
 */
export function cellPool(workers: number, modules: readonly NeededModule[]): CellRunner {
  const pool = new Tinypool({
    runtime: "child_process",
    // All from the start: the pool replaces a process that has died only below the least number.
    minThreads: workers,
    maxThreads: workers,
    // Losses may be no numbers, which JSON cannot hold.
    serialization: "advanced",
    // SULCUS_THREADS among them. Threads are not divided unasked: their number decides the order of sums, so that runs would
    // not leave the same bytes with and without workers.
    env: process.env as Record<string, string>,
  });
  const hopeless = neverStarting(pool);
  return {
    workers,
    async run(placed, control) {
      const answer = (await Promise.race([
        pool.run({ placed, modules } satisfies WorkerRequest, { filename: worker, channel: channelOf(control) }),
        hopeless,
      ]).catch(async (error: unknown) => {
        // A signal that all processes are sent may have ended one that was only just starting before this one hears of it.
        await sleep(longestHearing);
        throw whyStopped(error, placed, control);
      })) as WorkerAnswer;
      return summaryOf(answer, placed);
    },
    async close() {
      // The pool's processes keep none alive, so that on a slow machine this one might end before it hears of their end.
      const waiting = setInterval(() => {}, 1000);
      await pool.destroy().finally(() => clearInterval(waiting));
    },
  };
}

/** Milliseconds in which a signal reaches all processes. */
const longestHearing = 100;

/** Rejects where processes die as they start: the pool gives up on them, and waits. */
function neverStarting(pool: Tinypool): Promise<never> {
  const hopeless = new Promise<never>((_, reject) => {
    // An idle process that died has been replaced.
    pool.on("error", (error) => pool.threads.length === 0 && reject(error));
  });
  hopeless.catch(() => {});
  return hopeless;
}

function channelOf({ onEvent, signal }: RunControl) {
  let send: (message: ParentMessage) => void = () => {};
  const stop = () => send({ stop: true });
  signal?.addEventListener("abort", stop);
  return {
    onMessage(sender: typeof send) {
      send = sender;
    },
    postMessage({ event }: WorkerMessage) {
      onEvent?.(event);
      // A process that was only just starting has not heard it.
      if (signal?.aborted) stop();
    },
    onClose: () => signal?.removeEventListener("abort", stop),
  };
}

function summaryOf(answer: WorkerAnswer, { folder }: PlacedCell): RunSummary {
  if (answer.state === "finished") return answer.summary;
  throw answer.state === "interrupted"
    ? new InterruptedError({ folder, by: answer.by })
    : new SulcusError(answer.message);
}

/** What to throw for a process that died, or threw by mistake. */
function whyStopped(error: unknown, { cell, folder }: PlacedCell, { signal }: RunControl): Error {
  // What has gone through the pool is no Error any more; what the pool itself finds wrong is one.
  if (!(error instanceof Error)) return Object.assign(new Error(), error);
  // One that was asked to stop may have died of the same signal, if it was only just starting.
  if (signal?.aborted) return new InterruptedError({ folder, by: requestedBy(signal) });
  return new SulcusError(
    `the process that ran "${cell.name}" has died, killed or out of memory (${error.message}); ${folder} keeps what it had saved, and --resume goes on from there, with fewer --workers if memory was short`,
  );
}
