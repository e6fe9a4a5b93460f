import { isDeepStrictEqual } from "node:util";
import { defineExperiment } from "../../runs/experiment.ts";
import { gevbCollection } from "./gevb.ts";
import { QuickstartConfig } from "./settings.ts";

/**
 * The main job: the excitatory vector network learns the digits for one epoch by GEVB, then by back-propagation from the
 * same start and with the same batches; one folder holds both runs, their figures and a report.
 */
export const quickstart = defineExperiment({
  kind: "quickstart",
  summary: "GEVB and back-propagation side by side, one epoch on the digits",
  settings: QuickstartConfig,
  sweeps: false,
  examples: ["quickstart --limit 6000 --seed 2"],
  refuse: ({ rule }) =>
    isDeepStrictEqual(rule, ["gevb", "bp"])
      ? undefined
      : `rule cannot be set, since both gevb and bp are run; one rule: sulcus run gevb --rule ${rule.join(",")}`,
  build: (settings, { tasks }) => gevbCollection("quickstart", settings, tasks),
});
