import { join } from "node:path";
import { withPluginsNamed } from "../../kinds/plugin-fault.ts";
import type { RunSummary } from "../../records/learning-record.ts";
import { unlessStopped } from "../../training/heed.ts";
import type { RunDescription } from "../../training/run-description.ts";
import { exists } from "../record/make-folder.ts";
import { runFiles } from "../record/run-files.ts";
import { continueRun, type RunControl, startRun } from "../run.ts";
import { readRunConfig } from "../run-config.ts";
import type { TaskShelf } from "./task-shelf.ts";

/** One run of a collection, as plain data. */
export interface Cell {
  /** Names its sub-folder and the run itself: "gevb-seed-1". */
  readonly name: string;
  /** What it has in common with cells that differ in the seed alone, as tables call it: "GEVB". */
  readonly condition: string;
  readonly description: RunDescription;
}

/** A cell, the experiment it belongs to, and its own run folder: all that it takes to run it, in any process. */
export interface PlacedCell {
  readonly cell: Cell;
  readonly experiment: string;
  readonly folder: string;
}

/**
 * Runs a cell, or goes on with what its folder holds of it.
 *
 * @throws as `startRun` and `continueRun` do
 */
export async function executeCell(
  { cell: { name, condition, description }, experiment, folder }: PlacedCell,
  tasks: TaskShelf,
  control: RunControl,
): Promise<RunSummary> {
  // What a plug-in throws fails its own run alone.
  return withPluginsNamed(control.library, async () => {
    const begun = await exists(join(folder, runFiles.config));
    // A run goes on with the task that it has written down, whose files have checksums.
    const shown = begun ? (await readRunConfig(folder, control.library)).description : description;
    const task = await unlessStopped(tasks.take(shown), control.signal);
    const naming = { experiment, label: name, condition };
    const { summary } = begun
      ? await continueRun(folder, control, task)
      : await startRun(description, naming, { ...control, out: folder }, task);
    return summary;
  });
}

/** What runs the cells of a collection, several at a time where it can. */
export interface CellRunner {
  /** How many it runs at a time. */
  readonly workers: number;
  /** @throws as `executeCell` does */
  run(placed: PlacedCell, control: RunControl): Promise<RunSummary>;
  close(): Promise<void>;
}

/** Runs cells in this process, one at a time, which computes with all cores. */
export function inThisProcess(tasks: TaskShelf): CellRunner {
  return { workers: 1, run: (placed, control) => executeCell(placed, tasks, control), close: async () => {} };
}
