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

/** The items, with `heed` before each. */
export async function* heeding<T>(items: Iterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  for (const item of items) {
    await heed(signal);
    yield item;
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
