import type { initialisers } from "../circuits/initialisers.ts";
import { topologies } from "../circuits/topologies/registry.ts";
import { devices, surveyDevices } from "../compute/devices.ts";
import { gainFunctions } from "../neurons/gain.ts";
import type { optimisers } from "../plasticity/optimisers/registry.ts";
import { learningRules } from "../plasticity/rules/registry.ts";
import type { TaskDescription } from "../tasks/task.ts";
import { fetchDataSet } from "./data/fetch-data-set.ts";
import { dataSetInformation, surveyDataSets } from "./data/information.ts";
import { resumeGevb, runGevb } from "./gevb.ts";
import { quickstartRuns, resumeQuickstart, runQuickstart } from "./quickstart.ts";
import { openRunFolder, readConfig } from "./record/run-folder.ts";
import type { RunControl } from "./run.ts";
import { reportRuns } from "./run-report.ts";

const summaries = {
  experiments: {
    quickstart: "GEVB and back-propagation side by side, one epoch on the digits",
    gevb: "one rule on the digits (Clark, Abbott & Chung 2021)",
  },
  signs: { excitatory: "weights >= 0", inhibitory: "weights <= 0", mixed: "any weight" },
  optimisers: {
    sgd: "gradient descent",
    momentum: "gradient descent with momentum",
    adam: "Adam",
    adamw: "Adam with decoupled weight decay",
  } satisfies Record<keyof typeof optimisers, string>,
  initialisers: {
    he: "normal weights of variance 2 / n_in",
    "on-off": "pairs of units with opposite weights, none negative in excitatory projections",
  } satisfies Record<keyof typeof initialisers, string>,
  tasks: {
    digits: "name the 70,000 handwritten digits of MNIST",
    cifar10: "name what is on the 60,000 photographs of CIFAR-10",
  } satisfies Record<TaskDescription["kind"], string>,
};

const listed = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([name, summary]) => ({ name, summary }));
const registered = (registry: Readonly<Record<string, { readonly summary: string }>>) =>
  Object.entries(registry).map(([name, { summary }]) => ({ name, summary }));

/** What the command line asks of the experiments. */
export const backend = {
  runGevb,
  runQuickstart,
  async resume(experiment: "gevb" | "quickstart", folder: string, control: RunControl): Promise<void> {
    await (experiment === "gevb" ? resumeGevb : resumeQuickstart)(folder, control);
  },
  async rebuildReport(folder: string): Promise<string> {
    await openRunFolder(folder);
    const { experiment } = await readConfig(folder);
    const runs = experiment === "quickstart" ? quickstartRuns(folder) : [folder];
    return reportRuns(folder, String(experiment), runs);
  },
  devices: surveyDevices,
  fetchDataSet,
  dataSetInformation,
  surveyDataSets,
  async listing() {
    return {
      experiments: listed(summaries.experiments),
      rules: registered(learningRules),
      "sign constraints": listed(summaries.signs),
      "gain functions": registered(gainFunctions),
      topologies: registered(topologies),
      initialisers: listed(summaries.initialisers),
      optimisers: listed(summaries.optimisers),
      tasks: listed(summaries.tasks),
      devices: registered(devices),
    };
  },
};
