import type { CollectionPlace, RunListener } from "./events.ts";

/**
 * Adds to what the runs of a collection tell where each stands in it, and the time that all of them will still take.
 *
 * @param cells how many runs there are
 */
export function collectionProgress(cells: number) {
  const durations: number[] = [];
  return {
    /** Counts the seconds of a run that is done. */
    note(seconds: number) {
      durations.push(seconds);
    },
    /** The listener of one run, from 1 on. */
    listener(cell: number, onEvent: RunListener): RunListener {
      const place: CollectionPlace = { cell, cells };
      return (event) => {
        if (event.type === "started") onEvent({ ...event, collection: place });
        else if (event.type === "progress") {
          const { totalSteps, stepsPerSecond } = event;
          const expected = [...durations, totalSteps / stepsPerSecond];
          const mean = expected.reduce((sum, seconds) => sum + seconds, 0) / expected.length;
          const secondsLeft = event.secondsLeft + (cells - cell) * mean;
          onEvent({ ...event, collection: { ...place, secondsLeft } });
        } else onEvent(event);
      };
    },
  };
}
