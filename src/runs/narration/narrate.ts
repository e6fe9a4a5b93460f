import type { RunListener } from "../../training/events.ts";
import { plainLines } from "./plain-lines.ts";

/**
 * Does work and narrates its events on a stream: a bar on a terminal, else a line for each evaluation and at most one every
 * ten seconds; at the end the path of the report. Work of a library's user goes on for hours, so that it is narrated unless
 * the user listens.
 *
 * @param onEvent the user's own listener, which is then the only one
 */
export async function narrated<T>(
  onEvent: RunListener | undefined,
  work: (onEvent: RunListener) => Promise<T>,
  stderr: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  if (onEvent) return work(onEvent);
  const narrator = stderr.isTTY ? (await import("./progress-bar.ts")).progressBar(stderr) : plainLines(stderr);
  try {
    return await work((event) => {
      narrator.tell(event);
      if (event.type === "reported") narrator.note(`report: ${event.report}`);
    });
  } finally {
    narrator.close();
  }
}
