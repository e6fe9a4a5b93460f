import { join } from "node:path";
import { SulcusError, UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { parseDescription } from "../kinds/plain-data.ts";
import type { SweepableSettings } from "../papers/sweepable-settings.ts";
import { unlessStopped } from "../training/heed.ts";
import { failedMeasuresInWords } from "../training/measures.ts";
import {
  type Collection,
  type CollectionControl,
  continueCollection,
  type NewCollectionControl,
  reportCollection,
  startCollection,
} from "./collection.ts";
import type { Cell } from "./execution/cell.ts";
import { TaskShelf } from "./execution/task-shelf.ts";
import { type Forecast, forecastCollection } from "./forecast.ts";
import { runFiles } from "./record/run-files.ts";
import { openRunFolder, readConfig } from "./record/run-folder.ts";
import { resumeAdvice } from "./resume-advice.ts";
import { type RunResult, reportRun, resume, startRun } from "./run.ts";
import { type RedrawOptions, reportRuns } from "./run-report.ts";
import { Sweep, sweepCollection } from "./sweep.ts";

/** An experiment as the command line knows it. */
export interface Experiment {
  readonly name: string;
  readonly summary: string;
  /** @param options settings as a user gave them */
  run(options: unknown, control: NewCollectionControl): Promise<void>;
  /**
   * Runs every combination of the values of some settings, as one collection. Absent where nothing can be swept.
   *
   * @param options the other settings
   */
  sweep?(sweep: Sweep, options: Readonly<Record<string, unknown>>, control: NewCollectionControl): Promise<void>;
  /**
   * What the runs of settings, or of a sweep, will take, without writing anything. Absent where nothing is trained.
   *
   * @throws UsageError for a sweep where nothing can be swept
   */
  forecast?(options: Readonly<Record<string, unknown>>, library: Library, sweep?: Sweep): Promise<Forecast[]>;
  /** Goes on with a run, a collection or a sweep. */
  resume(folder: string, control: CollectionControl): Promise<void>;
  /** Draws the report again and returns the path of report.html. Rejects with an InterruptedError when the signal aborts. */
  report(folder: string, options: RedrawOptions): Promise<string>;
}

interface CollectionExperiment {
  readonly name: string;
  readonly summary: string;
  /** Whether a collection of one run is that run alone, in a run folder of its own; default false. */
  readonly single?: boolean;
  /** Settings that may be swept; absent: none. */
  readonly sweeps?: SweepableSettings;
  /**
   * Makes the collection from settings, which belong to `owner` ("gevb", or a file), or refuses them with a UsageError.
   *
   * @param tasks loads the tasks; a sweep makes many collections with one shelf
   */
  collect(settings: unknown, owner: string, tasks: TaskShelf): Promise<Collection>;
}

/** An experiment that is a collection of runs. */
export function collectionExperiment({ name, summary, single, sweeps, collect }: CollectionExperiment): Experiment {
  const swept = (
    sweeps: SweepableSettings,
    sweep: Sweep,
    settings: Readonly<Record<string, unknown>>,
    owner: string,
    library: Library,
  ) =>
    sweepCollection(
      { name, sweeps, library, collect: (point, tasks) => collect(point, owner, tasks) },
      sweep,
      settings,
    );
  const collectionIn = async (folder: string, { settings, sweep }: Recorded, library: Library) => {
    const config = join(folder, runFiles.config);
    if (sweep === undefined) return collect(settings, `${config}, settings`, new TaskShelf(library));
    const values = parseDescription(`${config}, sweep`, Sweep, sweep);
    return swept(sweeps ?? {}, values, settings as Record<string, unknown>, config, library);
  };
  return {
    name,
    summary,
    async run(options, control) {
      const collection = await unlessStopped(collect(options, name, new TaskShelf(control.library)), control.signal);
      const [cell, ...others] = collection.cells as [Cell, ...Cell[]];
      if (!single || others.length > 0) return startCollection(collection, control);
      const { description, condition } = cell;
      const naming = { experiment: name, label: cell.name, condition };
      const task = await unlessStopped(collection.tasks.take(description), control.signal);
      const done = await startRun(description, naming, control, task);
      await reportRun(name, done, control);
      refuseFailedMeasures(done);
    },
    async forecast(options, library, sweep) {
      if (sweep === undefined) return forecastCollection(await collect(options, name, new TaskShelf(library)));
      return forecastCollection(await swept(sweeps ?? {}, sweep, options, name, library));
    },
    ...(sweeps && {
      sweep: async (sweep: Sweep, options: Readonly<Record<string, unknown>>, control: NewCollectionControl) =>
        startCollection(
          await unlessStopped(swept(sweeps, sweep, options, name, control.library), control.signal),
          control,
        ),
    }),
    async resume(folder, control) {
      const { experiment, ...recorded } = await readExperiment(folder);
      if (experiment !== name)
        throw new UsageError(
          `${folder} holds a run of "${experiment}", not of ${name}; ${resumeAdvice(experiment, folder)}`,
        );
      if (recorded.settings === undefined) refuseFailedMeasures(await resume(folder, control));
      else await continueCollection(folder, await collectionIn(folder, recorded, control.library), control);
    },
    async report(folder, options) {
      const { experiment, ...recorded } = await readExperiment(folder);
      if (recorded.settings === undefined) return reportRuns(folder, experiment, [folder], options);
      const report = await reportCollection(folder, await collectionIn(folder, recorded, options.library), options);
      if (report !== undefined) return report;
      throw new UsageError(`${folder} holds no finished run to report on; ${resumeAdvice(name, folder)}`);
    },
  };
}

/** @throws SulcusError where a measure of a run failed, when all that could be done is done */
export function refuseFailedMeasures({ summary, failedMeasures }: RunResult): void {
  const message = failedMeasuresInWords([{ name: summary.label, failed: failedMeasures }]);
  if (message !== undefined) throw new SulcusError(message);
}

/** What config.yaml of a collection was made from, as it stands there. */
interface Recorded {
  readonly settings: unknown;
  readonly sweep: unknown;
}

/**
 * Which experiment a folder belongs to, and the settings of a collection, with those that are swept apart; a single run has
 * neither, but a description.
 *
 * @throws UsageError where the folder holds no run, DataError where its configuration is damaged
 */
export async function readExperiment(folder: string): Promise<Recorded & { readonly experiment: string }> {
  await openRunFolder(folder);
  const { experiment, settings, sweep } = await readConfig(folder);
  return { experiment: String(experiment), settings, sweep };
}
