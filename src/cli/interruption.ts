import type { EventEmitter } from "node:events";

/** What can ask a run to stop, besides itself. */
export interface Interruption {
  signal: AbortSignal;
  /** Stops listening; must be called when the run is over. */
  release(): void;
}

/**
 * Turns the first SIGINT into an abort of the run, which then saves and ends. The second one finds no listener any more,
 * so that it kills at once, as it does for every program. A reader of stdout that has gone away (EPIPE, as with
 * `sulcus ... | head`) is as good as a first SIGINT: what was computed is saved, nobody wants more.
 *
 * @param onAbort Called once, before anything that listens on the signal.
 */
export function interruption(
  onAbort: () => void,
  stdout: NodeJS.WritableStream,
  signals: EventEmitter = process,
): Interruption {
  const controller = new AbortController();
  const abort = () => {
    if (controller.signal.aborted) return;
    onAbort();
    controller.abort();
  };
  const broken = (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") abort();
  };
  signals.once("SIGINT", abort);
  stdout.on("error", broken);
  return {
    signal: controller.signal,
    release() {
      signals.off("SIGINT", abort);
      stdout.off("error", broken);
    },
  };
}
