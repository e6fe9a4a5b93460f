import type { CollectionPlace, RunListener, RunningShare } from "../training/events.ts";

/** A run that goes on, as its latest event told. */
interface Running extends RunningShare {
  /** Seconds that it will still take, and that it will have taken in all; NaN before the first step. */
  secondsLeft: number;
  secondsInAll: number;
}

interface CollectionSize {
  /** How many runs there are. */
  readonly cells: number;
  /** How many of them go on at a time. */
  readonly workers: number;
  /** Seconds of each run that was done before. */
  readonly kept: readonly number[];
}

/**
 * Adds to what the runs of a collection tell where each stands in it, how far those that go on at the same time are, and the
 * time that all of them will still take: what is left of the running ones, and for each that has not begun the mean of those
 * before, shared among as many as run at a time.
 */
export function collectionProgress({ cells, workers, kept }: CollectionSize) {
  const durations = [...kept];
  const running = new Map<number, Running>();
  let done = kept.length;

  const secondsLeft = () => {
    const left = [...running.values()].map((run) => run.secondsLeft).filter(Number.isFinite);
    const expected = [...durations, ...[...running.values()].map((run) => run.secondsInAll).filter(Number.isFinite)];
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const mean = sum(expected) / expected.length;
    const waiting = cells - done - left.length;
    return Math.max((sum(left) + (waiting > 0 ? waiting * mean : 0)) / workers, ...left);
  };

  return {
    /** Counts a run that was running and is done, and its seconds unless it failed. */
    end(cell: number, seconds?: number) {
      running.delete(cell);
      done++;
      if (seconds !== undefined) durations.push(seconds);
    },
    /** The listener of one run, from 1 on. */
    listener(cell: number, onEvent: RunListener): RunListener {
      const place: CollectionPlace = { cell, cells };
      return (event) => {
        if (event.type === "started") {
          running.set(cell, { run: event.run, share: 0, secondsLeft: Number.NaN, secondsInAll: Number.NaN });
          onEvent({ ...event, collection: place });
        } else if (event.type === "progress") {
          const { run, step, totalSteps, stepsPerSecond } = event;
          const secondsInAll = totalSteps / stepsPerSecond;
          running.set(cell, { run, share: step / totalSteps, secondsLeft: event.secondsLeft, secondsInAll });
          const shares = [...running.values()].map(({ run, share }) => ({ run, share }));
          onEvent({ ...event, collection: { ...place, secondsLeft: secondsLeft(), done, running: shares } });
        } else if (event.type === "finished") onEvent({ ...event, collection: place });
        else onEvent(event);
      };
    },
  };
}
