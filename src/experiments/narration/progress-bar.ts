import type { RunEvent } from "../events.ts";
import type { Narrator } from "./narrator.ts";
import { barOf, terminalBar } from "./terminal-bar.ts";
import {
  attendedLine,
  collectionDetails,
  collectionName,
  collectionShare,
  count,
  evaluatedLine,
  failedLine,
  isLarge,
  measuredLine,
  measureFailedLine,
  progressDetails,
  representedLine,
  savedLine,
  severalRunning,
  shareDone,
  specializedLines,
  startedLines,
} from "./wording.ts";

type Progress = Extract<RunEvent, { type: "progress" }>;

/** The line of a progress event that fits into `width` columns: of the run, or of all where several go on at a time. */
export function barLine(event: Progress, width: number): string {
  const all = severalRunning(event);
  if (all) return barOf(collectionName(all), collectionShare(all), collectionDetails(all), width);
  const { run, collection } = event;
  const name = collection ? `${count(collection.cell)}/${count(collection.cells)} ${run}` : run;
  return barOf(name, shareDone(event.step, event.totalSteps), progressDetails(event), width);
}

/** For a terminal: a bar that is redrawn in place, with the lines of the evaluations above it. */
export function progressBar(stderr: NodeJS.WritableStream): Narrator {
  let latest: Progress | undefined;
  const bar = terminalBar(stderr, (columns) => (latest ? barLine(latest, columns) : ""));
  const start = () => latest && bar.start(latest.totalSteps, latest.step);
  /** Clears the bar, prints, and draws the bar again below: it restores the cursor to where it was started. */
  const print = (line: string) => {
    bar.stop();
    stderr.write(`${line}\n`);
    start();
  };
  return {
    tell(event) {
      if (event.type === "progress") {
        const first = latest === undefined;
        latest = event;
        if (first) start();
        else bar.update(event.step);
      }
      if (event.type === "started") {
        bar.stop();
        latest = undefined;
        print(startedLines(event));
      }
      if (event.type === "evaluated") print(evaluatedLine(event));
      if (event.type === "measured") print(measuredLine(event));
      if (event.type === "saved" && isLarge(event)) print(savedLine(event));
      if (event.type === "attended") print(attendedLine(event));
      if (event.type === "represented") print(representedLine(event));
      if (event.type === "specialized" && event.notes.length > 0) print(specializedLines(event));
      if (event.type === "measure-failed") print(measureFailedLine(event));
      if (event.type === "finished" || event.type === "failed") {
        bar.stop();
        latest = undefined;
      }
      if (event.type === "failed") print(failedLine(event));
    },
    note: print,
    close() {
      bar.stop();
      latest = undefined;
    },
  };
}
