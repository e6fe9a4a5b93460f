import { StopRequest } from "../../training/interrupted.ts";

/**
 * The signals by which a run is asked to stop: Ctrl-C; `kill`, and what clusters send before they kill; a terminal that was
 * closed; and two that clusters send ahead of a limit where they are told to (`--signal`, `-notify`). SIGQUIT (Ctrl-\)
 * is not among them: it ends a program at once.
 */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;

/** Milliseconds for which a signal that comes again is taken for the same one: a terminal and npm both pass Ctrl-C on. */
const echo = 250;

/**
 * Calls back at the first signal that asks to stop. After it, a second Ctrl-C finds no listener any more, so that it
 * kills at once, as it does for every program; other signals, which clusters repeat, change nothing.
 *
 * @param signals where they are emitted: the process, but in tests
 * @returns stops listening
 */
export function onStopSignal(ask: (request: StopRequest) => void, signals: NodeJS.EventEmitter = process): () => void {
  let armed: NodeJS.Timeout | undefined;
  const listeners = stopSignals.map((name) => {
    const listener = () => {
      if (armed) return;
      armed = setTimeout(() => signals.off("SIGINT", listeners[0]!.listener), echo).unref();
      ask(new StopRequest(name));
    };
    signals.on(name, listener);
    return { name, listener };
  });
  return () => {
    clearTimeout(armed);
    for (const { name, listener } of listeners) signals.off(name, listener);
  };
}
