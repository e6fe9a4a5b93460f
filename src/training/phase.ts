import type { RunListener } from "./events.ts";

/** Who is told of what. */
interface Told {
  readonly label: string;
  readonly onEvent: RunListener;
}

export interface Phase {
  /** Says that some parts more are done; default one. */
  advance(parts?: number): void;
}

/** Milliseconds between two events of a phase, since each part may take less than one. */
const pause = 1000;

/**
 * Tells how far a phase is, at most once a second.
 *
 * @param total parts of the phase
 */
export function beginPhase({ label, onEvent }: Told, phase: string, total: number): Phase {
  let done = 0;
  let told = performance.now();
  return {
    advance(parts = 1) {
      done += parts;
      if (performance.now() - told < pause) return;
      told = performance.now();
      onEvent({ type: "phase", run: label, phase, done, total });
    },
  };
}

/** Says at once that a phase begins, where even its first part may take long. */
export function announcePhase(told: Told, phase: string, total: number): Phase {
  told.onEvent({ type: "phase", run: told.label, phase, done: 0, total });
  return beginPhase(told, phase, total);
}

/** The items, of which each is a part that is done when the next one is asked for. */
export function* counting<T>(items: Iterable<T>, phase: Phase): Generator<T> {
  for (const item of items) {
    yield item;
    phase.advance();
  }
}
