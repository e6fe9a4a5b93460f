import { SingleBar } from "cli-progress";
import type { RunEvent } from "../../experiments/events.ts";
import type { Narrator } from "./narrator.ts";
import {
  count,
  evaluatedLine,
  failedLine,
  measuredLine,
  progressDetails,
  representedLine,
  shareDone,
  startedLine,
} from "./wording.ts";

type Progress = Extract<RunEvent, { type: "progress" }>;

/** Cells of the bar itself, where the terminal is wide enough. */
const longest = 30;

/** One line of label, bar, percent and numbers that fits into `width` columns; the bar gives way first. */
export function barLine(event: Progress, width: number): string {
  const share = shareDone(event.step, event.totalSteps);
  const percent = `${Math.floor(100 * share)} %`.padStart(5);
  const { run, collection } = event;
  const name = collection ? `${count(collection.cell)}/${count(collection.cells)} ${run}` : run;
  const rest = `${name} ${percent}   ${progressDetails(event)}`;
  const cells = Math.min(longest, width - rest.length - 1);
  if (cells < 5) return rest.slice(0, Math.max(0, width - 1));
  const full = Math.round(share * cells);
  return `${name} ${percent} ${"█".repeat(full)}${"░".repeat(cells - full)}  ${progressDetails(event)}`;
}

/** For a terminal: a bar that is redrawn in place, with the lines of the evaluations above it. */
export function progressBar(stderr: NodeJS.WritableStream): Narrator {
  const columns = () => (stderr as Partial<NodeJS.WriteStream>).columns || 80;
  let latest: Progress | undefined;
  const bar = new SingleBar({
    // The caller has decided that this is a terminal; the library would ask the stream itself.
    stream: terminal(stderr, columns),
    format: () => (latest ? barLine(latest, columns()) : ""),
    fps: 10,
    clearOnComplete: true,
    // Neither the cursor nor the wrapping of lines is changed: a run that is killed leaves a sane terminal.
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    stopOnComplete: false,
  });
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
        print(startedLine(event));
      }
      if (event.type === "evaluated") print(evaluatedLine(event));
      if (event.type === "measured") print(measuredLine(event));
      if (event.type === "represented") print(representedLine(event));
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

function terminal(stderr: NodeJS.WritableStream, columns: () => number): NodeJS.WritableStream {
  return Object.create(stderr, {
    isTTY: { value: true },
    columns: { get: columns },
    write: { value: (text: string, done?: () => void) => stderr.write(text, done) },
  }) as NodeJS.WritableStream;
}
