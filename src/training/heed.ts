import type { Executor } from "../compute/executor.ts";
import { InterruptedError, requestedBy } from "./interrupted.ts";

/** Lets in what waits while this process computes: signals, messages, timers. */
const turn = () => new Promise<void>((done) => setImmediate(done));

/**
 * Lets signals in, and throws where one has asked to stop. Long work calls it every second or more often.
 *
 * @throws InterruptedError, as yet without the folder of the run
 */
export async function heed(signal: AbortSignal | undefined): Promise<void> {
  await turn();
  if (signal?.aborted) throw new InterruptedError({ by: requestedBy(signal) });
}

/** The same device, with `heed` before each call of a plan: whatever computes on it stops where it is asked to. */
export function heedingExecutor(executor: Executor, signal: AbortSignal | undefined): Executor {
  return {
    ...executor,
    async load(program) {
      const session = await executor.load(program);
      return {
        ...session,
        async run(plan, feeds) {
          await heed(signal);
          return session.run(plan, feeds);
        },
      };
    },
  };
}

/** Milliseconds of work without `heed`. */
const longest = 100;

/** Does work to its end that comes in small steps, with `heed` now and then. */
export async function heedingSteps<T>(steps: Generator<void, T>, signal: AbortSignal | undefined): Promise<T> {
  let heard = performance.now();
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() - heard < longest) continue;
      await heed(signal);
      heard = performance.now();
    }
  } finally {
    // What the work holds is let go of also where it is broken off.
    steps.return(undefined as never);
  }
}

/**
 * Waits for work that cannot be stopped and need not be, as loading of data: it is left to itself where one asks to stop.
 *
 * @throws InterruptedError as `heed` does; what the work throws
 */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new InterruptedError({ by: requestedBy(signal) }));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
