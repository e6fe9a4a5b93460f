import type { EventEmitter } from "node:events";
import { onStopSignal } from "../runs/execution/stop-signals.ts";
import type { StopRequest } from "../training/interrupted.ts";

/** What can ask a command to stop, besides itself. */
interface Interruption {
  signal: AbortSignal;
  /** Stops listening; must be called when the work is over. */
  release(): void;
}

/**
 * Turns the first signal that asks to stop (`onStopSignal`) into an abort of the work, which then saves and ends; the
 * reason is the StopRequest. A reader of stdout that has gone away (EPIPE, as with `sulcus ... | head`) is as good as a
 * Ctrl-C: what was computed is saved, nobody wants more.
 *
 * @param onAbort Called once, before anything that listens on the signal.
 */
export function interruption(
  onAbort: (request?: StopRequest) => void,
  stdout: NodeJS.WritableStream,
  signals: EventEmitter = process,
): Interruption {
  const controller = new AbortController();
  const abort = (request?: StopRequest) => {
    if (controller.signal.aborted) return;
    onAbort(request);
    controller.abort(request);
  };
  const broken = (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") abort();
  };
  const release = onStopSignal(abort, signals);
  stdout.on("error", broken);
  return {
    signal: controller.signal,
    release() {
      release();
      stdout.off("error", broken);
    },
  };
}
