import { join } from "node:path";
import { SulcusError } from "../compute/errors.ts";
import { writeTable } from "../report/table/write-table.ts";
import type { TableCell } from "../report/table-record.ts";
import { collectionProgress } from "./collection-progress.ts";
import { type CellState, clearFailure, readCell, writeCollection, writeFailure } from "./collection-record.ts";
import type { RunListener } from "./events.ts";
import { InterruptedError } from "./interrupted.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { exists } from "./record/make-folder.ts";
import { runFiles } from "./record/run-files.ts";
import { createRunFolder } from "./record/run-folder.ts";
import { holdingRunFolder } from "./record/run-lock.ts";
import { checkRun, continueRun, type NewRunControl, type RunControl, startRun } from "./run.ts";
import type { RunDescription } from "./run-description.ts";
import { reportRuns } from "./run-report.ts";
import type { TaskShelf } from "./task-shelf.ts";

/** One run of a collection. */
export interface Cell {
  /** Names its sub-folder and the run itself: "gevb-seed-1". */
  readonly name: string;
  /** What it has in common with cells that differ in the seed alone, as tables call it: "GEVB". */
  readonly condition: string;
  readonly description: RunDescription;
}

/** How far each cell has come, by name, in the order of the cells. */
export type CellStates = ReadonlyMap<string, CellState>;

/** Runs of one experiment that belong together and share a folder. */
export interface Collection {
  readonly experiment: string;
  /** What the cells were made from, as plain data; config.yaml keeps it. */
  readonly settings: object;
  /** At least one, in the order in which they are run. Cells that share a task should follow one another. */
  readonly cells: readonly Cell[];
  readonly tasks: TaskShelf;
  /** Sums the runs up; where it is given, table.md and table.csv are written again after every run. */
  readonly table?: (states: CellStates) => TableCell[];
}

const silent: RunListener = () => {};

/**
 * Runs every cell in a new folder, with a sub-folder for each, and draws one report over all.
 *
 * @throws UsageError, DescriptionError, DeviceError before any work where a cell could not start; InterruptedError with
 * the collection's folder when the signal aborts; SulcusError naming the failed cells when all others are done
 */
export async function startCollection(collection: Collection, control: NewRunControl): Promise<void> {
  const { experiment, cells, settings } = collection;
  await checkCells(collection);
  const folder = await createRunFolder({ out: control.out, experiment, seed: cells[0]!.description.seed });
  await holdingRunFolder(folder, async () => {
    await writeCollection(folder, { experiment, cells: cells.map(({ name }) => name), settings });
    await runCells(folder, collection, control);
  });
}

/**
 * Goes on in the folder of a collection: finished runs are kept, the interrupted one is resumed, failed ones are tried
 * again from where they stopped, the rest is run. Throws as `startCollection` does, and a StorageError where another
 * process is at work in the folder.
 */
export async function continueCollection(folder: string, collection: Collection, control: RunControl): Promise<void> {
  await holdingRunFolder(folder, () => runCells(folder, collection, control));
}

async function runCells(folder: string, collection: Collection, control: RunControl): Promise<void> {
  const { cells, tasks, table } = collection;
  const { onEvent = silent, signal } = control;
  const states = await readStates(folder, cells);
  const tabulate = async () => {
    if (!table) return;
    const cellsNow = table(states);
    onEvent({ type: "tabled", folder, table: await writeTable(folder, cellsNow, writeWhole), cells: cellsNow });
  };
  const progress = collectionProgress(cells.length);
  await tabulate();

  for (const [index, cell] of cells.entries()) {
    let state = states.get(cell.name)!;
    const subfolder = join(folder, cell.name);
    if (state.state === "finished")
      onEvent({ type: "finished", run: cell.name, folder: subfolder, summary: state.summary });
    else {
      if (signal?.aborted) throw new InterruptedError(folder);
      const waiting = cells.slice(index).filter(({ name }) => states.get(name)!.state !== "finished");
      tasks.keepFor(waiting.map(({ description }) => description));
      const listener = progress.listener(index + 1, onEvent);
      state = await runCell(subfolder, cell, collection, { ...control, onEvent: listener }).catch((error: unknown) => {
        // It is the collection that goes on from its folder, not the run alone.
        throw error instanceof InterruptedError ? new InterruptedError(folder) : error;
      });
      states.set(cell.name, state);
      await tabulate();
    }
    if (state.state === "finished") progress.note(state.summary.seconds);
  }
  await reportCollection(folder, collection, onEvent);
  refuseFailures(states);
}

/**
 * Draws the report of the runs that are finished, if there are any.
 *
 * @returns path of report.html
 */
export async function reportCollection(
  folder: string,
  { experiment, cells, table }: Collection,
  onEvent?: RunListener,
): Promise<string | undefined> {
  const states = await readStates(folder, cells);
  const finished = cells.filter(({ name }) => states.get(name)!.state === "finished");
  if (finished.length === 0) return undefined;
  const folders = finished.map(({ name }) => join(folder, name));
  return reportRuns(folder, experiment, folders, { onEvent, table: table?.(states) });
}

/** Finds out whether every cell could start; those that differ in the seed alone are alike. */
async function checkCells({ cells, tasks }: Collection): Promise<void> {
  const checked = new Set<string>();
  for (const { description } of cells) {
    const { seed: _, ...rest } = description;
    const key = JSON.stringify(rest);
    if (!checked.has(key)) await checkRun(description, await tasks.take(description));
    checked.add(key);
  }
}

async function readStates(folder: string, cells: readonly Cell[]): Promise<Map<string, CellState>> {
  const states = new Map<string, CellState>();
  for (const { name } of cells) states.set(name, await readCell(join(folder, name)));
  return states;
}

/** Runs a cell or goes on with it. What it fails of is recorded and told, and only that is not thrown. */
async function runCell(
  folder: string,
  { name, condition, description }: Cell,
  { experiment, tasks }: Collection,
  control: RunControl,
): Promise<CellState> {
  await clearFailure(folder);
  try {
    const task = await tasks.take(description);
    const naming = { experiment, label: name, condition };
    const { summary } = (await exists(join(folder, runFiles.config)))
      ? await continueRun(folder, control, task)
      : await startRun(description, naming, { ...control, out: folder }, task);
    return { state: "finished", summary };
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof SulcusError)) throw error;
    const { message } = error;
    await writeFailure(folder, message);
    control.onEvent?.({ type: "failed", run: name, folder, message });
    return { state: "failed", message };
  }
}

/** @throws SulcusError naming the failed cells and the reason of the first */
function refuseFailures(states: CellStates): void {
  const failures = [...states].flatMap(([name, state]) => (state.state === "failed" ? [{ name, ...state }] : []));
  if (failures.length === 0) return;
  const names = failures.map(({ name }) => name).join(", ");
  throw new SulcusError(
    `${failures.length} of ${states.size} runs failed: ${names}; the first: ${failures[0]!.message}`,
  );
}
