import { surveyDevices } from "../compute/devices/choice.ts";
import { withPluginsNamed } from "../kinds/plugin-fault.ts";
import { nodeLibrary } from "../node-library.ts";
import { fetchDataSet } from "../runs/data/fetch-data-set.ts";
import { dataSetInformation, surveyDataSets } from "../runs/data/information.ts";
import { forecastExperiment, rebuildReport, resumeFolder, runExperiment } from "../runs/experiments.ts";
import { exportWeights } from "../runs/export-weights.ts";
import { locksIn, removeLocks } from "../runs/locks.ts";
import { pluginsIn } from "../runs/plugins/keep-plugins.ts";
import { openLibrary } from "../runs/plugins/used-modules.ts";
import { recordRun } from "../runs/recording/record-run.ts";
import { aboutWeights, writeWeights } from "../runs/weights-file.ts";
import type { OpenBackend } from "./backend.ts";

/** All of Sulcus. */
export const openBackend: OpenBackend = async (asked = {}, recorded) => {
  const library = await openLibrary(
    nodeLibrary,
    asked,
    typeof recorded === "string" ? await pluginsIn(recorded) : recorded,
  );
  return {
    library,
    run: (request, control) => runExperiment(request, { ...control, library }),
    forecast: (request) => forecastExperiment(request, library),
    resume: (experiment, folder, control) => resumeFolder(folder, { ...control, library }, experiment),
    rebuildReport: (folder, options) => rebuildReport(folder, { ...options, library }),
    record: (subject, options, place) => withPluginsNamed(library, () => recordRun(subject, options, place, library)),
    async weights(folder, file) {
      const weights = await exportWeights(folder, library);
      if (file !== undefined) await writeWeights(file, weights);
      return aboutWeights(weights);
    },
    locksIn,
    removeLocks,
    devices: () => surveyDevices(library),
    fetchDataSet,
    dataSetInformation,
    surveyDataSets,
  };
};
