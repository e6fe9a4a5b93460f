import { parseDescription } from "../../kinds/plain-data.ts";
import { collectionExperiment } from "../../runs/experiment.ts";
import { gevbCollection } from "./gevb.ts";
import { QuickstartConfig } from "./settings.ts";

const name = "quickstart";

/**
 * The main job: the excitatory vector network learns the digits for one epoch by GEVB, then by back-propagation from the
 * same start and with the same batches; one folder holds both runs, their figures and a report.
 */
export const quickstart = collectionExperiment({
  name,
  summary: "GEVB and back-propagation side by side, one epoch on the digits",
  collect: (settings, owner, tasks) => gevbCollection(name, parseDescription(owner, QuickstartConfig, settings), tasks),
});
