import { join } from "node:path";
import { UsageError } from "../compute/errors.ts";
import { type Collection, continueCollection, reportCollection, startCollection } from "./collection.ts";
import { runFiles } from "./record/run-files.ts";
import { openRunFolder, readConfig } from "./record/run-folder.ts";
import { resumeAdvice } from "./resume-advice.ts";
import { type NewRunControl, type RunControl, resume } from "./run.ts";
import { reportRuns } from "./run-report.ts";

/** An experiment as the command line knows it. */
export interface Experiment {
  readonly name: string;
  readonly summary: string;
  /** @param options settings as a user gave them */
  run(options: unknown, control: NewRunControl): Promise<void>;
  resume(folder: string, control: RunControl): Promise<void>;
  /** Draws the report again and returns the path of report.html. */
  report(folder: string): Promise<string>;
}

/**
 * An experiment that is a collection of runs.
 *
 * @param collect makes the collection from settings, which belong to `owner` ("gevb", or a file), or refuses them with a
 * UsageError
 */
export function collectionExperiment({
  name,
  summary,
  collect,
}: {
  name: string;
  summary: string;
  collect(settings: unknown, owner: string): Promise<Collection>;
}): Experiment {
  const collectionIn = (folder: string, settings: unknown) =>
    collect(settings, `${join(folder, runFiles.config)}, settings`);
  return {
    name,
    summary,
    run: async (options, control) => startCollection(await collect(options, name), control),
    async resume(folder, control) {
      const { experiment, settings } = await readExperiment(folder);
      if (experiment !== name)
        throw new UsageError(
          `${folder} holds a run of "${experiment}", not of ${name}; ${resumeAdvice(experiment, folder)}`,
        );
      if (settings === undefined) await resume(folder, control);
      else await continueCollection(folder, await collectionIn(folder, settings), control);
    },
    async report(folder) {
      const { experiment, settings } = await readExperiment(folder);
      if (settings === undefined) return reportRuns(folder, experiment, [folder]);
      const report = await reportCollection(folder, await collectionIn(folder, settings));
      if (report !== undefined) return report;
      throw new UsageError(`${folder} holds no finished run to report on; ${resumeAdvice(name, folder)}`);
    },
  };
}

/**
 * Which experiment a folder belongs to, and the settings of a collection; a single run has none, but a description.
 *
 * @throws UsageError where the folder holds no run, DataError where its configuration is damaged
 */
export async function readExperiment(folder: string): Promise<{ experiment: string; settings: unknown }> {
  await openRunFolder(folder);
  const { experiment, settings } = await readConfig(folder);
  return { experiment: String(experiment), settings };
}
