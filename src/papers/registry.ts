import { lookUp } from "../kinds/errors.ts";
import type { CollectionControl } from "../runs/collection.ts";
import { type Experiment, readExperiment, refuseFailedMeasures } from "../runs/experiment.ts";
import { resume } from "../runs/run.ts";
import { type RedrawOptions, reportRuns } from "../runs/run-report.ts";
import { attentionExperiment } from "./attention/attention.ts";
import type { ExperimentName } from "./experiment-configs.ts";
import { gevbExperiment } from "./gevb/gevb.ts";
import { quickstart } from "./gevb/quickstart.ts";
import { gevbTables } from "./gevb/tables.ts";
import { gevbWidths } from "./gevb/widths.ts";
import { modulesExperiment } from "./modules/modules.ts";

/** Experiments by name. */
export const experiments: Readonly<Record<string, Experiment>> = {
  quickstart,
  gevb: gevbExperiment,
  "gevb-tables": gevbTables,
  "gevb-widths": gevbWidths,
  modules: modulesExperiment,
  attention: attentionExperiment,
};

/** @throws UsageError naming the nearest experiment */
export const experimentOf = (name: string): Experiment => lookUp("experiment", name, experiments);

/** The name of the experiment that a run folder belongs to. Throws as `readExperiment` does, and as `experimentOf`. */
export async function experimentIn(folder: string): Promise<ExperimentName> {
  return experimentOf((await readExperiment(folder)).experiment).name as ExperimentName;
}

/**
 * Goes on with whatever a folder holds, also with a run of a program or file of one's own. Throws as
 * `Experiment.resume` does.
 */
export async function resumeAny(folder: string, control: CollectionControl): Promise<void> {
  const { experiment, settings } = await readExperiment(folder);
  if (settings === undefined) refuseFailedMeasures(await resume(folder, control));
  else await experimentOf(experiment).resume(folder, control);
}

/**
 * Draws figures and report of any run folder again; a run that was started as a library has an experiment of its own.
 *
 * @param options formats and width of the figures' files, by default SVG and CSV of each figure's own width; what stops it
 * @returns path of report.html
 * @throws UsageError where nothing is finished, or figures cannot have that width, StorageError or DataError where the
 * record is damaged; InterruptedError when the signal aborts
 */
export async function rebuildReport(folder: string, options: RedrawOptions): Promise<string> {
  const { experiment, settings } = await readExperiment(folder);
  return settings === undefined
    ? reportRuns(folder, experiment, [folder], options)
    : experimentOf(experiment).report(folder, options);
}
