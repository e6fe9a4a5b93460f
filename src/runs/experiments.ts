import { join } from "node:path";
import type * as z from "zod";
import { SulcusError, UsageError } from "../kinds/errors.ts";
import type { Library } from "../kinds/library.ts";
import { parseDescription } from "../kinds/plain-data.ts";
import { withPluginsNamed } from "../kinds/plugin-fault.ts";
import { unlessStopped } from "../training/heed.ts";
import { partedAt, resolveMeasures, settingsWithMeasures } from "../training/measure-settings.ts";
import { failedMeasuresInWords } from "../training/measures.ts";
import { parseRun } from "../training/run-description.ts";
import {
  type Collection,
  type CollectionControl,
  continueCollection,
  type NewCollectionControl,
  reportCollection,
  startCollection,
} from "./collection.ts";
import { TaskShelf } from "./execution/task-shelf.ts";
import type { ProposedCollection, Undertaking } from "./experiment.ts";
import { type Forecast, forecastCollection } from "./forecast.ts";
import { runFiles } from "./record/run-files.ts";
import { openRunFolder, readConfig } from "./record/run-folder.ts";
import { resumeAdvice } from "./resume-advice.ts";
import { type RunResult, reportRun, resume, startRun } from "./run.ts";
import type { RunNaming } from "./run-config.ts";
import { type RedrawOptions, reportRuns } from "./run-report.ts";
import { Sweep, sweepCollection } from "./sweep.ts";

type Plain = Readonly<Record<string, unknown>>;

/** Which experiment with which settings. */
export interface Asked {
  /** Kind of the experiment. */
  readonly experiment: string;
  /** As somebody gave them: defaults are filled in here. */
  readonly settings: Plain;
  /** Several values of some settings, by dotted paths: every combination of them is run. */
  readonly sweep?: Sweep | undefined;
  /** Whose settings they are, for messages; absent: the experiment's. */
  readonly owner?: string | undefined;
  /** What a single run is called; absent: as the experiment calls it. */
  readonly naming?: RunNaming | undefined;
}

/**
 * Runs an experiment, or every combination of the values of a sweep as one collection.
 *
 * @throws UsageError, DescriptionError, DataError, DeviceError or StorageError before any work; SulcusError naming what
 * failed, when all else is done; InterruptedError when the signal aborts
 */
export function runExperiment(asked: Asked, control: NewCollectionControl): Promise<void> {
  const { library, signal } = control;
  return withPluginsNamed(library, async () => {
    const made = await unlessStopped(make(asked, library), signal);
    if (!isCollection(made)) {
      if ((control.workers ?? 1) > 1)
        throw new UsageError(
          `experiment "${asked.experiment}" has no runs that workers could share; leave workers out`,
        );
      return made.run(control);
    }
    const single = asked.sweep === undefined && library.get("experiment", asked.experiment).single;
    return single && made.cells.length === 1 ? runAlone(made, asked.naming, control) : startCollection(made, control);
  });
}

async function runAlone(
  { experiment, cells, tasks }: Collection,
  given: RunNaming | undefined,
  control: NewCollectionControl,
) {
  const { description, condition, name } = cells[0]!;
  const task = await unlessStopped(tasks.take(description), control.signal);
  const naming = given ?? { experiment, label: name, condition };
  const done = await startRun(description, naming, control, task);
  await reportRun(naming.experiment, done, control);
  refuseFailedMeasures(done);
}

/**
 * What the runs of an experiment or sweep will take, without writing anything.
 *
 * @throws UsageError where nothing is trained, and as `runExperiment` does before any work
 */
export function forecastExperiment(asked: Asked, library: Library): Promise<Forecast[]> {
  return withPluginsNamed(library, async () => {
    const made = await make(asked, library);
    if (isCollection(made)) return forecastCollection(made);
    throw new UsageError(`experiment "${asked.experiment}" trains nothing, so that there is nothing to forecast`);
  });
}

/**
 * Goes on with whatever a folder holds: a run, also one of a program or file of one's own, a collection or a sweep.
 *
 * @param named the experiment that it has to be of; absent: any
 * @throws as `runExperiment` does; UsageError where the folder holds no run, or one of another experiment
 */
export function resumeFolder(folder: string, control: CollectionControl, named?: string): Promise<void> {
  const { library } = control;
  return withPluginsNamed(library, async () => {
    const recorded = await readExperiment(folder);
    const { experiment } = recorded;
    if (named !== undefined && experiment !== named)
      throw new UsageError(`${folder} holds a run of "${experiment}", not of ${named}; ${resumeAdvice(folder)}`);
    if (recorded.settings === undefined) return refuseFailedMeasures(await resume(folder, control));
    const made = await makeAgain(folder, recorded, library);
    return isCollection(made) ? continueCollection(folder, made, control) : made.resume(folder, control);
  });
}

/**
 * Draws figures and report of any run folder again; a run that was started as a library has an experiment of its own.
 *
 * @param options formats and width of the figures' files, by default SVG and CSV of each figure's own width; what stops it
 * @returns path of report.html
 * @throws UsageError where nothing is finished, or figures cannot have that width, StorageError or DataError where the
 * record is damaged; InterruptedError when the signal aborts
 */
export function rebuildReport(folder: string, options: RedrawOptions): Promise<string> {
  return withPluginsNamed(options.library, async () => {
    const recorded = await readExperiment(folder);
    if (recorded.settings === undefined) return reportRuns(folder, recorded.experiment, [folder], options);
    const made = await makeAgain(folder, recorded, options.library);
    if (!isCollection(made)) return made.report(folder, options);
    const report = await reportCollection(folder, made, options);
    if (report !== undefined) return report;
    throw new UsageError(`${folder} holds no finished run to report on; ${resumeAdvice(folder)}`);
  });
}

/**
 * The experiment that a run folder belongs to, which need not be one that is known.
 *
 * @throws UsageError where the folder holds no run, DataError where its configuration is damaged
 */
export const experimentIn = async (folder: string): Promise<string> => (await readExperiment(folder)).experiment;

/** @throws SulcusError where a measure of a run failed, when all that could be done is done */
function refuseFailedMeasures({ summary, failedMeasures }: RunResult): void {
  const message = failedMeasuresInWords([{ name: summary.label, failed: failedMeasures }]);
  if (message !== undefined) throw new SulcusError(message);
}

const isCollection = (made: Collection | Undertaking): made is Collection => "cells" in made;

async function make(
  { experiment: name, settings, sweep, owner = name }: Asked,
  library: Library,
): Promise<Collection | Undertaking> {
  const experiment = library.get("experiment", name);
  const makeOf = async (given: Plain, tasks: TaskShelf) => {
    const { own, measures } = withoutMeasures(given, experiment.settings, library, owner);
    const parsed = parseDescription(owner, experiment.settings, own);
    const context = { owner, tasks };
    const reason = experiment.refuse?.(parsed, context, library);
    if (reason !== undefined) throw new UsageError(`${owner}: ${reason}`);
    const made = await experiment.build(parsed, context, library);
    if ("cells" in made) return parsedCollection(made, measures, library, owner);
    const [stray] = Object.keys(measures);
    if (stray === undefined) return made;
    throw new UsageError(`${owner}, ${stray}: "${name}" trains nothing that could be measured; leave it out`);
  };
  if (sweep === undefined) return makeOf(settings, new TaskShelf(library));
  if (experiment.sweeps === false) {
    const others = library.list("experiment").filter(({ sweeps }) => sweeps !== false);
    const known = others.map(({ kind }) => kind).join(", ");
    throw new UsageError(`experiment "${name}" has nothing to sweep; those that have: ${known}`);
  }
  const collect = async (point: Plain, tasks: TaskShelf) => {
    const made = await makeOf(point, tasks);
    if (isCollection(made)) return made;
    throw new UsageError(`experiment "${name}" has no runs to sweep over; leave it to sulcus run ${name}`);
  };
  return sweepCollection(
    { name, schema: settingsWithMeasures(experiment.settings, library), library, collect },
    sweep,
    settings,
  );
}

/**
 * Settings of an experiment, and beside them the measures that its runs are to take, each under its own name.
 *
 * @throws UsageError for a key that is neither
 */
function withoutMeasures(given: Plain, { shape }: z.ZodObject, library: Library, owner: string) {
  const known = Object.keys(shape);
  const [own, others] = partedAt(known, given);
  return { own, measures: resolveMeasures(others, library, owner, known) };
}

/**
 * The runs that an experiment gives, which take some measures too, every default filled in.
 *
 * @throws as `parseRun` does, naming experiment and run
 */
function parsedCollection(
  { cells, ...proposed }: ProposedCollection,
  measures: Plain,
  library: Library,
  owner: string,
): Collection {
  return {
    ...proposed,
    settings: { ...proposed.settings, ...measures },
    cells: cells.map((cell) => ({
      ...cell,
      description: parseRun({ ...cell.description, ...measures }, library, `${owner}, ${cell.name}`),
    })),
  };
}

/** The same from what config.yaml of a folder says. */
function makeAgain(folder: string, { experiment, settings, sweep }: Recorded, library: Library) {
  const config = join(folder, runFiles.config);
  const values = sweep === undefined ? undefined : parseDescription(`${config}, sweep`, Sweep, sweep);
  const owner = sweep === undefined ? `${config}, settings` : config;
  return make({ experiment, settings: settings as Plain, sweep: values, owner }, library);
}

/** What config.yaml of a folder was made from, as it stands there. */
interface Recorded {
  readonly experiment: string;
  /** Of a collection or undertaking; a single run has a description instead. */
  readonly settings: unknown;
  readonly sweep: unknown;
}

async function readExperiment(folder: string): Promise<Recorded> {
  await openRunFolder(folder);
  const { experiment, settings, sweep } = await readConfig(folder);
  return { experiment: String(experiment), settings, sweep };
}
