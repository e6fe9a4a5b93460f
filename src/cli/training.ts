import type { RunSummary } from "../records/learning-record.ts";
import { jsonLines } from "../runs/narration/json-lines.ts";
import type { Narrator } from "../runs/narration/narrator.ts";
import { plainLines } from "../runs/narration/plain-lines.ts";
import { resumeCommand } from "../runs/resume-command.ts";
import type { RunEvent } from "../training/events.ts";
import { InterruptedError } from "../training/interrupted.ts";
import type { RunControl } from "./backend.ts";
import { interruption } from "./interruption.ts";
import { summaryTable } from "./narration/table.ts";
import { InterruptedCommand } from "./outcome.ts";
import type { Streams } from "./streams.ts";

/**
 * Trains, tells of it while it goes on, and prints the table and the path of the report when it is done.
 *
 * @param train Calls the backend.
 * @throws InterruptedCommand when the run was stopped; what the backend rejects with otherwise.
 */
export async function trainExperiment(
  { streams, json, workers }: { streams: Streams; json: boolean; workers?: number | undefined },
  train: (control: RunControl) => Promise<void>,
): Promise<void> {
  const narrator = await chosenNarrator(streams, json);
  /** With the place of each run: several that go on at a time are done in any order. */
  const finished: { summary: RunSummary; cell: number }[] = [];
  let tabled: string | undefined;
  let report: string | undefined;
  const onEvent = (event: RunEvent) => {
    if (event.type === "finished") finished.push({ summary: event.summary, cell: event.collection?.cell ?? 0 });
    if (event.type === "tabled") tabled = event.markdown;
    if (event.type === "reported") report = event.report;
    narrator.tell(event);
  };
  const print = () => {
    if (json) return;
    const summaries = finished.sort((a, b) => a.cell - b.cell).map(({ summary }) => summary);
    // Its own table, else one of all runs.
    const table = tabled ?? (summaries.length > 0 ? `${summaryTable(summaries)}\n` : "");
    if (table !== "") streams.stdout.write(table);
    if (report !== undefined) streams.stdout.write(`${report}\n`);
  };
  const stop = interruption((request) => {
    const by = request === undefined || request.by === "SIGINT" ? "" : `${request.by}: `;
    narrator.note(`${by}stopping after the current step, which is saved; once more (Ctrl-C) stops at once`);
  }, streams.stdout);
  try {
    await train({ onEvent, signal: stop.signal });
  } catch (error) {
    if (error instanceof InterruptedError) throw interruptedCommand(error, workers);
    // Where some runs of a collection failed, the others are done all the same.
    if (report !== undefined) print();
    throw error;
  } finally {
    stop.release();
    narrator.close();
  }
  print();
}

function interruptedCommand({ folder, step, by }: InterruptedError, workers: number | undefined): InterruptedCommand {
  if (folder === undefined)
    return new InterruptedCommand(by, " before there was anything to save; nothing is left of it");
  const saved = step === undefined ? "; what was done is saved" : `; saved at step ${step}`;
  return new InterruptedCommand(by, `${saved}; go on with: ${resumeCommand(folder, workers)}`);
}

async function chosenNarrator({ stdout, stderr, isTTY }: Streams, json: boolean): Promise<Narrator> {
  if (json) return jsonLines(stdout);
  if (!isTTY) return plainLines(stderr);
  const { progressBar } = await import("../runs/narration/progress-bar.ts");
  return progressBar(stderr);
}
