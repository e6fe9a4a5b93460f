import { InterruptedError } from "../../training/interrupted.ts";

/**
 * Works on every item of a queue, in order, on as many as there are lanes at a time. An item whose work throws is the last
 * that its lane takes, and what the other lanes are at is asked to stop.
 *
 * @param stop aborts the work from outside
 * @param work its signal aborts when `stop` does, or when other work has thrown
 * @throws what the first work threw that was not merely asked to stop, when all lanes have ended
 */
export async function inLanes<Item>(
  lanes: number,
  queue: IterableIterator<Item>,
  stop: AbortSignal | undefined,
  work: (item: Item, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const broken = new AbortController();
  const signal = stop ? AbortSignal.any([stop, broken.signal]) : broken.signal;
  const errors: unknown[] = [];
  const lane = async () => {
    try {
      for (const item of queue) await work(item, signal);
    } catch (error) {
      errors.push(error);
      broken.abort();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (errors.length > 0) throw errors.find((error) => !(error instanceof InterruptedError)) ?? errors[0];
}
