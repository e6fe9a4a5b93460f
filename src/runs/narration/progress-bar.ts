import type { RunEvent } from "../../training/events.ts";
import type { Narrator } from "./narrator.ts";
import { barOf, terminalBar } from "./terminal-bar.ts";
import {
  collectionDetails,
  collectionName,
  collectionShare,
  count,
  phaseName,
  progressDetails,
  severalRunning,
  shareDone,
  toldLine,
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

/** Events after which what the bar showed is over. */
const ends: ReadonlySet<string> = new Set(["started", "finished", "failed", "reported"] satisfies RunEvent["type"][]);

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
      // Where several runs go on at a time, what one of them does besides training would hide the others.
      const hides = event.type === "phase" && latest?.type === "progress" && severalRunning(latest);
      if (event.type === "progress" || (event.type === "phase" && !hides)) {
        const same = latest?.type === event.type && stepsOf(latest)[0] === stepsOf(event)[0];
        latest = event;
        if (same) bar.update(stepsOf(event)[1]);
        else {
          bar.stop();
          start();
        }
      }
      if (ends.has(event.type)) {
        bar.stop();
        latest = undefined;
      }
      const line = toldLine(event);
      if (line !== undefined) print(line);
    },
    note: print,
    close() {
      bar.stop();
      latest = undefined;
    },
  };
}
