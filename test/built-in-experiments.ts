import { nodeLibrary } from "../src/node-library.ts";
import type { CollectionControl, NewCollectionControl } from "../src/runs/collection.ts";
import { rebuildReport, resumeFolder, runExperiment } from "../src/runs/experiments.ts";
import type { RedrawOptions } from "../src/runs/run-report.ts";
import type { Sweep } from "../src/runs/sweep.ts";

type Settings = Readonly<Record<string, unknown>>;

/** Runs, goes on with and reports experiments, with the kinds that Sulcus comes with unless a library is handed in. */
export const experiments = {
  run: (experiment: string, settings: object, control: Partial<NewCollectionControl> = {}) =>
    runExperiment({ experiment, settings: settings as Settings }, { library: nodeLibrary, ...control }),
  sweep: (experiment: string, sweep: Sweep, settings: object, control: Partial<NewCollectionControl> = {}) =>
    runExperiment({ experiment, sweep, settings: settings as Settings }, { library: nodeLibrary, ...control }),
  resume: (experiment: string | undefined, folder: string, control: Partial<CollectionControl> = {}) =>
    resumeFolder(folder, { library: nodeLibrary, ...control }, experiment),
  rebuildReport: (folder: string, options: Partial<RedrawOptions> = {}) =>
    rebuildReport(folder, { library: nodeLibrary, ...options }),
};
