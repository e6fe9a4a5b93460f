import type { Narrator } from "./narrator.ts";
import {
  attendedLine,
  evaluatedLine,
  failedLine,
  isLarge,
  measuredLine,
  measureFailedLine,
  phaseLine,
  progressLine,
  representedLine,
  savedLine,
  specializedLines,
  startedLines,
} from "./wording.ts";

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
      if (event.type === "started") print(startedLines(event));
      if (event.type === "evaluated") print(evaluatedLine(event));
      if (event.type === "measured") print(measuredLine(event));
      if (event.type === "saved" && isLarge(event)) print(savedLine(event));
      if (event.type === "attended") print(attendedLine(event));
      if (event.type === "represented") print(representedLine(event));
      if (event.type === "specialized" && event.notes.length > 0) print(specializedLines(event));
      if (event.type === "measure-failed") print(measureFailedLine(event));
      if (event.type === "failed") print(failedLine(event));
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
