import type { Narrator } from "./narrator.ts";

/** For programs: each event is one JSON object on its own line of stdout, and nothing else is written. */
export function jsonLines(stdout: NodeJS.WritableStream): Narrator {
  return {
    tell: (event) => void stdout.write(`${JSON.stringify(event)}\n`),
    note: () => {},
    close: () => {},
  };
}
