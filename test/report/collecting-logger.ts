import type { LoggerInterface } from "vega";

/** A logger for Vega that keeps every warning and error for the test to look at. */
export function collectingLogger(): LoggerInterface & { messages: string[] } {
  const messages: string[] = [];
  const keep = (...parts: readonly unknown[]) => {
    messages.push(parts.map(String).join(" "));
    return log;
  };
  const log = {
    messages,
    level: () => log,
    error: keep,
    warn: keep,
    info: () => log,
    debug: () => log,
  } as unknown as LoggerInterface & { messages: string[] };
  return log;
}
