import type { Plugin } from "./kinds/kind.ts";
import { withPluginsNamed } from "./kinds/plugin-fault.ts";
import { builtIn } from "./library.ts";
import type { NewCollectionControl } from "./runs/collection.ts";
import { rebuildReport as rebuildReportOf, runExperiment as runExperimentOf } from "./runs/experiments.ts";
import { narrated } from "./runs/narration/narrate.ts";
import { pluginsIn } from "./runs/plugins/keep-plugins.ts";
import { openLibrary } from "./runs/plugins/used-modules.ts";
import { type NewRunControl, type RunControl, type RunResult, resume as resumeIn, run as runIn } from "./runs/run.ts";
import type { RedrawOptions } from "./runs/run-report.ts";
import type { Sweep } from "./runs/sweep.ts";
import type { RunInput } from "./training/run-description.ts";

/** Kinds of one's own, besides those that Sulcus comes with. */
interface Used {
  /**
   * Plug-ins whose kinds descriptions may name, or modules that export them: paths from the working directory, or packages. A run
   * folder remembers modules, and `resume` loads them; plug-ins themselves have to be handed in again.
   */
  readonly use?: readonly (Plugin | string)[] | undefined;
}

/** Of what goes on in a run folder. */
interface UsedAgain extends Used {
  /** Whether a module may have changed since; default false. */
  readonly trustChanged?: boolean | undefined;
}

const openedFor = async (folder: string, options: UsedAgain) => openLibrary(builtIn, options, await pluginsIn(folder));

/** What a program may say of how a run tells of itself, and is stopped. */
export type RunOptions = Omit<RunControl, "library"> & UsedAgain;
export type NewRunOptions = Omit<NewRunControl, "library"> & Used;

/**
 * Trains a circuit on a task by a rule, and leaves a run folder with its record and report. Progress is narrated on stderr
 * unless `onEvent` is given.
 *
 * ```ts
 * const result = await run({ circuit: net, task: digits(), rule: gevb(), optimiser: adam({ rate: 3e-4 }), seed: 1 });
 * console.log(result.summary.testError);
 * ```
 *
 * @throws DescriptionError, UsageError, DataError, DeviceError or StorageError before any work, when something does not
 * fit; SulcusError when training diverges; InterruptedError when the signal aborts
 */
export async function run(description: RunInput, { use, ...control }: NewRunOptions = {}): Promise<RunResult> {
  const library = await openLibrary(builtIn, { use });
  return withPluginsNamed(library, () => runIn(description, { ...control, library }));
}

/** What a program may say of how the runs of an experiment go on. */
export type ExperimentOptions = Omit<NewCollectionControl, "library"> &
  Used & {
    /** Several values of some settings, by dotted paths: every combination of them is run. */
    readonly sweep?: Sweep;
  };

/**
 * Runs an experiment, such as "gevb", or one of a plug-in, as `sulcus run` and `sulcus sweep` do. Progress is narrated on stderr
 * unless `onEvent` is given.
 *
 * @param settings as a person gives them
 * @throws as `run` does; SulcusError naming the runs that failed, when all others are done
 */
export async function runExperiment(
  experiment: string,
  settings: Readonly<Record<string, unknown>> = {},
  { use, sweep, ...control }: ExperimentOptions = {},
): Promise<void> {
  const library = await openLibrary(builtIn, { use });
  return narrated(control.onEvent, (onEvent) =>
    runExperimentOf({ experiment, settings, sweep }, { ...control, library, onEvent }),
  );
}

/** Goes on with a run that was interrupted, from its folder, and draws its report. */
export async function resume(folder: string, { use, trustChanged, ...control }: RunOptions = {}): Promise<RunResult> {
  const library = await openedFor(folder, { use, trustChanged });
  return withPluginsNamed(library, () => resumeIn(folder, { ...control, library }));
}

/**
 * Draws figures and report of any run folder again; a run that was started as a library has an experiment of its own.
 *
 * @param options formats and width of the figures' files, by default SVG and CSV of each figure's own width; what stops it
 * @returns path of report.html
 * @throws UsageError where nothing is finished, or figures cannot have that width, StorageError or DataError where the
 * record is damaged; InterruptedError when the signal aborts
 */
export async function rebuildReport(
  folder: string,
  { use, trustChanged, ...options }: Omit<RedrawOptions, "library"> & UsedAgain = {},
): Promise<string> {
  return rebuildReportOf(folder, { ...options, library: await openedFor(folder, { use, trustChanged }) });
}
