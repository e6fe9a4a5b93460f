import type { Narrator } from "./narrator.ts";
import { phaseLine, progressLine, toldLine } from "./wording.ts";

/** Milliseconds between two progress lines: a log file shall stay readable. */
const pause = 10_000;

/**
 * For log files and pipes: a line when a run starts, one an evaluation, and in between at most one every ten seconds.
 *
 * @param now Milliseconds of a clock that never runs backwards.
 */
export function plainLines(stderr: NodeJS.WritableStream, now: () => number = () => performance.now()): Narrator {
  let latest = now();
  const print = (line: string) => void stderr.write(`${line}\n`);
  return {
    tell(event) {
      const line = toldLine(event);
      if (line !== undefined) print(line);
      if (event.type === "phase" && event.done === 0) print(phaseLine(event));
      if ((event.type === "progress" || event.type === "phase") && now() - latest >= pause) {
        latest = now();
        if (event.type === "progress") print(progressLine(event));
        else if (event.done > 0) print(phaseLine(event));
      }
    },
    note: print,
    close: () => {},
  };
}
