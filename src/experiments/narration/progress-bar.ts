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
  phaseName,
  progressDetails,
  representedLine,
  savedLine,
  severalRunning,
  shareDone,
  specializedLines,
  startedLines,
} from "./wording.ts";

type Progress = Extract<RunEvent, { type: "progress" | "phase" }>;

/** The line of a progress event that fits into `width` columns: of the run, or of all where several go on at a time. */
export function barLine(event: Progress, width: number): string {
  if (event.type === "phase") return barOf(phaseName(event), shareDone(event.done, event.total), "", width);
  const all = severalRunning(event);
  if (all) return barOf(collectionName(all), collectionShare(all), collectionDetails(all), width);
  const { run, collection } = event;
  const name = collection ? `${count(collection.cell)}/${count(collection.cells)} ${run}` : run;
  return barOf(name, shareDone(event.step, event.totalSteps), progressDetails(event), width);
}

/** All steps, and those that are done. */
const stepsOf = (event: Progress): [total: number, done: number] =>
  event.type === "phase" ? [event.total, event.done] : [event.totalSteps, event.step];

/** For a terminal: a bar that is redrawn in place, with the lines of the evaluations above it. */
export function progressBar(stderr: NodeJS.WritableStream): Narrator {
  let latest: Progress | undefined;
  const bar = terminalBar(stderr, (columns) => (latest ? barLine(latest, columns) : ""));
  const start = () => latest && bar.start(...stepsOf(latest));
  /** Clears the bar, prints, and draws the bar again below: it restores the cursor to where it was started. */
  const print = (line: string) => {
    bar.stop();
    stderr.write(`${line}\n`);
    start();
  };
  return {
    tell(event) {
      if (event.type === "progress" || event.type === "phase") {
        const same = latest?.type === event.type && stepsOf(latest)[0] === stepsOf(event)[0];
        latest = event;
        if (same) bar.update(stepsOf(event)[1]);
        else {
          bar.stop();
          start();
        }
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
      if (event.type === "finished" || event.type === "failed" || event.type === "reported") {
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
