import type { initialisers } from "../circuits/initialisers.ts";
import { gevbArchitectures, gevbUnits } from "../circuits/ready-made/gevb-choices.ts";
import { topologies } from "../circuits/topologies/registry.ts";
import { devices, surveyDevices } from "../compute/devices/choice.ts";
import { UsageError } from "../kinds/errors.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Library } from "../kinds/library.ts";
import { gainFunctions } from "../neurons/gain.ts";
import type { CollectionControl, NewCollectionControl } from "../runs/collection.ts";
import { fetchDataSet } from "../runs/data/fetch-data-set.ts";
import { dataSetInformation, surveyDataSets } from "../runs/data/information.ts";
import type { Forecast } from "../runs/forecast.ts";
import { locksIn, removeLocks } from "../runs/locks.ts";
import { type RecordedSubject, type RunRecordingOptions, recordRun } from "../runs/recording/record-run.ts";
import type { RecordingFormat } from "../runs/recording/write-recording.ts";
import { type RunOfFile, rerun } from "../runs/rerun.ts";
import type { NewRunControl } from "../runs/run.ts";
import type { RedrawOptions } from "../runs/run-report.ts";
import type { Sweep } from "../runs/sweep.ts";
import { gevbDatasets } from "./gevb/choices.ts";
import { experimentIn, experimentOf, experiments, rebuildReport, resumeAny } from "./registry.ts";

const summaries = {
  signs: {
    excitatory: "weights >= 0",
    inhibitory: "weights <= 0",
    mixed: "any weight",
    dale: "each presynaptic unit >= 0 or <= 0",
  },
  initialisers: {
    he: "normal weights of variance 2 / n_in",
    uniform: "weights uniform in +-1 / sqrt(n_in)",
    normal: "normal weights of variance 1 / n_in",
    "on-off": "pairs of units with opposite weights, none negative in excitatory projections",
  } satisfies Record<keyof typeof initialisers, string>,
};

const listed = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([name, summary]) => ({ name, summary }));
const registered = (registry: Readonly<Record<string, { readonly summary: string }>>) =>
  Object.entries(registry).map(([name, { summary }]) => ({ name, summary }));

const named = ({ kind, summary }: Kind) => ({ name: kind, summary });

/** What the command line asks of the experiments. */
export const backendOf = (library: Library) => ({
  async run(
    experiment: string,
    options: Readonly<Record<string, unknown>>,
    control: Omit<NewCollectionControl, "library">,
  ): Promise<void> {
    await experimentOf(experiment).run(options, { ...control, library });
  },
  async sweep(
    experiment: string,
    sweep: Sweep,
    options: Readonly<Record<string, unknown>>,
    control: Omit<NewCollectionControl, "library">,
  ): Promise<void> {
    const swept = experimentOf(experiment);
    if (!swept.sweep) {
      const others = Object.values(experiments).filter((other) => other.sweep);
      const known = others.map(({ name }) => name).join(", ");
      throw new UsageError(`experiment "${experiment}" has nothing to sweep; those that have: ${known}`);
    }
    await swept.sweep(sweep, options, { ...control, library });
  },
  async forecast(
    experiment: string,
    options: Readonly<Record<string, unknown>>,
    sweep?: Sweep,
  ): Promise<readonly Forecast[]> {
    const { forecast } = experimentOf(experiment);
    if (!forecast)
      throw new UsageError(`experiment "${experiment}" trains nothing, so that there is nothing to forecast`);
    return forecast(options, library, sweep);
  },
  rerun: (run: RunOfFile, control: Omit<NewRunControl, "library">) => rerun(run, { ...control, library }),
  async resume(
    experiment: string | undefined,
    folder: string,
    control: Omit<CollectionControl, "library">,
  ): Promise<void> {
    if (experiment === undefined) await resumeAny(folder, { ...control, library });
    else await experimentOf(experiment).resume(folder, { ...control, library });
  },
  experimentIn,
  rebuildReport: (folder: string, options: Omit<RedrawOptions, "library">) =>
    rebuildReport(folder, { ...options, library }),
  record: (subject: RecordedSubject, options: RunRecordingOptions, place: { path: string; format: RecordingFormat }) =>
    recordRun(subject, options, place, library),
  locksIn,
  removeLocks,
  devices: surveyDevices,
  fetchDataSet,
  dataSetInformation,
  surveyDataSets,
  async listing() {
    return {
      experiments: registered(experiments),
      datasets: registered(gevbDatasets),
      architectures: registered(gevbArchitectures),
      units: registered(gevbUnits),
      rules: library.list("rule").map(named),
      "sign constraints": listed(summaries.signs),
      "gain functions": registered(gainFunctions),
      topologies: registered(topologies),
      initialisers: listed(summaries.initialisers),
      optimisers: library.list("optimiser").map(named),
      objectives: library.list("objective").map(named),
      tasks: library.list("task").map(named),
      devices: registered(devices),
    };
  },
});
