import { join } from "node:path";
import { SulcusError, UsageError } from "../kinds/errors.ts";
import type { Chapter } from "../report/chapter.ts";
import { heed, unlessStopped } from "../training/heed.ts";
import { InterruptedError, requestedBy } from "../training/interrupted.ts";
import { failedMeasuresInWords } from "../training/measures.ts";
import { seedlessKey } from "../training/run-description.ts";
import { silent } from "../training/silent.ts";
import { collectionProgress } from "./collection-progress.ts";
import {
  type CellState,
  clearFailure,
  readCell,
  readCells,
  writeCollection,
  writeFailure,
} from "./collection-record.ts";
import { type Cell, type CellRunner, inThisProcess, type PlacedCell } from "./execution/cell.ts";
import { inLanes } from "./execution/in-lanes.ts";
import type { TaskShelf } from "./execution/task-shelf.ts";
import { updatePlugins } from "./plugins/keep-plugins.ts";
import { type NeededModule, neededModules } from "./plugins/needed-modules.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { readFailedMeasures } from "./record/failed-measures-file.ts";
import { runFiles } from "./record/run-files.ts";
import { createRunFolder } from "./record/run-folder.ts";
import { type Hold, holdingRunFolder, tidyRunFolder } from "./record/run-lock.ts";
import { checkRun, type NewRunControl, type RunControl } from "./run.ts";
import { type ReportOptions, reportRuns } from "./run-report.ts";

/** How far each cell has come, by name, in the order of the cells. */
export type CellStates = ReadonlyMap<string, CellState>;

/** Runs of one experiment that belong together and share a folder. */
export interface Collection {
  readonly experiment: string;
  /** What the cells were made from, as plain data; config.yaml keeps it. */
  readonly settings: object;
  /** In a sweep, the settings that have several values; config.yaml keeps them too. */
  readonly sweep?: object;
  /** At least one, in the order in which they are run. Cells that share a task should follow one another. */
  readonly cells: readonly Cell[];
  readonly tasks: TaskShelf;
  /**
   * Sums the runs up, as far as they have come: chapters of the report. Their files are written again after every run, and
   * table.md, where it is among them, is told.
   */
  readonly chapters?: (states: CellStates) => readonly Chapter[];
}

/** How a collection tells of itself and is stopped, and how many of its runs go on at a time. */
export interface CollectionControl extends RunControl {
  /**
   * 1 (default): all runs in this process, one after the other, each with all cores. More: each in a worker process.
   * What the runs leave is the same.
   */
  readonly workers?: number;
}

export type NewCollectionControl = CollectionControl & NewRunControl;

/**
 * Runs every cell in a new folder, with a sub-folder for each, and draws one report over all unless it is left out.
 *
 * @throws UsageError, DescriptionError, DeviceError before any work where a cell could not start; InterruptedError with
 * the collection's folder when the signal aborts; SulcusError naming the failed cells when all others are done
 */
export async function startCollection(collection: Collection, control: NewCollectionControl): Promise<void> {
  const { experiment, settings, sweep, cells } = collection;
  const { library } = control;
  checkWorkers(control);
  await checkCells(collection, control.signal);
  const folder = await createRunFolder({ out: control.out, experiment, seed: cells[0]!.description.seed });
  await holdingRunFolder(folder, async (hold) => {
    await writeCollection(folder, { experiment, cells, sweep, settings, library });
    await runCells(folder, hold, collection, control);
  });
}

/**
 * Goes on in the folder of a collection: finished runs are kept, the interrupted one is resumed, failed ones are tried
 * again from where they stopped, the rest is run. Throws as `startCollection` does, and a StorageError where another
 * process is at work in the folder.
 */
export async function continueCollection(
  folder: string,
  collection: Collection,
  control: CollectionControl,
): Promise<void> {
  checkWorkers(control);
  await holdingRunFolder(folder, async (hold) => {
    await updatePlugins(folder, control.library);
    const cells = (await readCells(folder, control.library)) ?? collection.cells;
    await runCells(folder, hold, { ...collection, cells }, control);
  });
}

async function runCells(folder: string, hold: Hold, collection: Collection, control: CollectionControl): Promise<void> {
  const { experiment, cells, tasks, chapters } = collection;
  const { library, onEvent = silent, signal, workers = 1, report = true } = control;
  const states = await readStates(folder, cells);
  const isWaiting = ({ name }: Cell) => !isDone(states.get(name)!);
  // One write at a time, whoever asks.
  let tabulated = Promise.resolve();
  const tabulate = () => {
    tabulated = tabulated.then(async () => {
      if (!chapters) return;
      await hold.check();
      const files = chapters(states).flatMap((chapter) => chapter.files?.(noRuns) ?? []);
      for (const { name, content } of files) await writeWhole(join(folder, name), content);
      for (const { name, content } of files)
        if (name === runFiles.table) onEvent({ type: "tabled", folder, table: join(folder, name), markdown: content });
    });
    return tabulated;
  };
  await tabulate();

  const modules = workers > 1 ? neededModules(library) : [];
  const runner = await openRunner(Math.min(workers, cells.filter(isWaiting).length), tasks, modules);
  const kept = [...states.values()].flatMap((state) => (state.state === "finished" ? state.summary.seconds : []));
  const progress = collectionProgress({ cells: cells.length, workers: runner.workers, kept });
  try {
    await inLanes(runner.workers, cells.entries(), signal, async ([index, cell], stop) => {
      const listener = progress.listener(index + 1, onEvent);
      const placed = { cell, experiment, folder: join(folder, cell.name) };
      const before = states.get(cell.name)!;
      if (isDone(before)) {
        await clearFailure(placed.folder);
        await tidyRunFolder(placed.folder);
        listener({ type: "finished", run: cell.name, folder: placed.folder, summary: before.summary });
        return;
      }
      await heed(stop);
      await hold.check();
      const waiting = cells.slice(index).filter(isWaiting);
      tasks.keepFor(runner.workers > 1 ? [] : waiting.map(({ description }) => description));
      const state = await runCell(placed, runner, { library, onEvent: listener, signal: stop });
      states.set(cell.name, state);
      progress.end(index + 1, state.state === "finished" ? state.summary.seconds : undefined);
      await tabulate();
    });
  } catch (error) {
    // It is the collection that goes on from its folder, not the run alone.
    throw error instanceof InterruptedError
      ? new InterruptedError({ folder, by: requestedBy(signal) ?? error.by })
      : error;
  } finally {
    await runner.close();
  }
  if (report) await reportCollection(folder, collection, { library, onEvent, ...(signal && { signal }) });
  refuseFailures(states);
}

/** What files of a collection are made of while its runs go on: of how far they have come alone. */
const noRuns = { runs: [], conditions: [] };

/** Whether nothing is left to do of a run: one of which a measure failed is tried again. */
const isDone = (state: CellState): state is Extract<CellState, { state: "finished" }> =>
  state.state === "finished" && state.failedMeasures.length === 0;

async function openRunner(workers: number, tasks: TaskShelf, modules: readonly NeededModule[]): Promise<CellRunner> {
  // The pool is loaded on demand: most collections do without.
  return workers > 1 ? (await import("./execution/cell-pool.ts")).cellPool(workers, modules) : inThisProcess(tasks);
}

/** @throws UsageError unless the number of workers is whole and at least 1, and they can load all plug-ins */
function checkWorkers({ workers = 1, library }: CollectionControl): void {
  if (!Number.isInteger(workers) || workers < 1)
    throw new UsageError(
      `workers: got ${workers}, expected a whole number of at least 1; as many as there are cores are of use`,
    );
  if (workers > 1) neededModules(library);
}

/**
 * Draws the report of the runs that are finished, if there are any.
 *
 * @returns path of report.html
 */
export async function reportCollection(
  folder: string,
  { experiment, cells, chapters }: Collection,
  options: Omit<ReportOptions, "chapters">,
): Promise<string | undefined> {
  const states = await readStates(folder, cells);
  const finished = cells.filter(({ name }) => states.get(name)!.state === "finished");
  if (finished.length === 0) return undefined;
  const folders = finished.map(({ name }) => join(folder, name));
  return reportRuns(folder, experiment, folders, { ...options, chapters: chapters?.(states) });
}

/** Finds out whether every cell could start; those that differ in the seed alone are alike. */
async function checkCells({ cells, tasks }: Collection, signal: AbortSignal | undefined): Promise<void> {
  const checked = new Set<string>();
  for (const { description } of cells) {
    const key = seedlessKey(description);
    if (checked.has(key)) continue;
    await heed(signal);
    await checkRun(description, await unlessStopped(tasks.take(description), signal), tasks.library);
    checked.add(key);
  }
}

async function readStates(folder: string, cells: readonly Cell[]): Promise<Map<string, CellState>> {
  const states = new Map<string, CellState>();
  for (const { name } of cells) states.set(name, await readCell(join(folder, name)));
  return states;
}

/** Runs a cell or goes on with it. What it fails of is recorded and told, and only that is not thrown. */
async function runCell(placed: PlacedCell, runner: CellRunner, control: RunControl): Promise<CellState> {
  const { cell, folder } = placed;
  await clearFailure(folder);
  try {
    const summary = await runner.run(placed, control);
    return { state: "finished", summary, failedMeasures: await readFailedMeasures(folder) };
  } catch (error) {
    if (error instanceof InterruptedError || !(error instanceof SulcusError)) throw error;
    // A process may die between its last word to the disk and that to its parent.
    const left = await readCell(folder);
    if (left.state === "finished") return left;
    const { message } = error;
    await writeFailure(folder, message);
    control.onEvent?.({ type: "failed", run: cell.name, folder, message });
    return { state: "failed", message };
  }
}

/** @throws SulcusError naming the failed cells and the reason of the first, or what failed of the finished ones */
function refuseFailures(states: CellStates): void {
  const failures = [...states].flatMap(([name, state]) => (state.state === "failed" ? [{ name, ...state }] : []));
  const unmeasured = failedMeasuresInWords(
    [...states].flatMap(([name, state]) =>
      state.state === "finished" ? [{ name, failed: state.failedMeasures }] : [],
    ),
  );
  if (failures.length === 0) {
    if (unmeasured !== undefined) throw new SulcusError(unmeasured);
    return;
  }
  const names = failures.map(({ name }) => name).join(", ");
  throw new SulcusError(
    `${failures.length} of ${states.size} runs failed: ${names}; the first: ${failures[0]!.message}`,
  );
}
