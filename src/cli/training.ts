import type { TableCell } from "../papers/gevb/table-record.ts";
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
  let cells: readonly TableCell[] | undefined;
  let comparison: string | undefined;
  let report: string | undefined;
  const onEvent = (event: RunEvent) => {
    if (event.type === "finished") finished.push({ summary: event.summary, cell: event.collection?.cell ?? 0 });
    if (event.type === "tabled") cells = event.cells;
    if (event.type === "compared") comparison = event.markdown;
    if (event.type === "reported") report = event.report;
    narrator.tell(event);
  };
  const print = async () => {
    if (json) return;
    const summaries = finished.sort((a, b) => a.cell - b.cell).map(({ summary }) => summary);
    const table = comparison ?? (await finalTable(summaries, cells));
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
    if (report !== undefined) await print();
    throw error;
  } finally {
    stop.release();
    narrator.close();
  }
  await print();
}

function interruptedCommand({ folder, step, by }: InterruptedError, workers: number | undefined): InterruptedCommand {
  if (folder === undefined)
    return new InterruptedCommand(by, " before there was anything to save; nothing is left of it");
  const saved = step === undefined ? "; what was done is saved" : `; saved at step ${step}`;
  return new InterruptedCommand(by, `${saved}; go on with: ${resumeCommand(folder, workers)}`);
}

/** The table that an experiment ends with: its own, else one of all runs; empty where there is neither. */
async function finalTable(summaries: readonly RunSummary[], cells: readonly TableCell[] | undefined): Promise<string> {
  if (cells !== undefined) return (await import("../papers/gevb/table/markdown.ts")).tableMarkdown(cells);
  return summaries.length > 0 ? `${summaryTable(summaries)}\n` : "";
}

async function chosenNarrator({ stdout, stderr, isTTY }: Streams, json: boolean): Promise<Narrator> {
  if (json) return jsonLines(stdout);
  if (!isTTY) return plainLines(stderr);
  const { progressBar } = await import("../runs/narration/progress-bar.ts");
  return progressBar(stderr);
}
