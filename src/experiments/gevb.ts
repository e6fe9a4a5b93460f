import * as z from "zod";
import { parseDescription } from "../compute/plain-data.ts";
import type { Task } from "../tasks/task.ts";
import type { Cell } from "./cell.ts";
import { type Collection, type NewCollectionControl, startCollection } from "./collection.ts";
import { GevbConfig, type GevbOptions } from "./config.ts";
import { collectionExperiment, type Experiment } from "./experiment.ts";
import { gevbDatasets, paperHidden, ruleTitle } from "./gevb-choices.ts";
import { gevbCircuit } from "./gevb-circuit.ts";
import { checkCombination } from "./gevb-combinations.ts";
import { startRun } from "./run.ts";
import type { RunDescription } from "./run-description.ts";
import { reportRuns } from "./run-report.ts";
import { sweepableSettings } from "./sweepable-settings.ts";
import { TaskShelf } from "./task-shelf.ts";
import { TrainingSettings } from "./training-settings.ts";

/** What one run of the experiment depends on. */
export type GevbRunSettings = Omit<GevbConfig, "rule" | "seeds"> & { readonly rule: string; readonly seed: number };

/** The stimuli that settings ask for. */
export function gevbTask(
  settings: Pick<GevbRunSettings, "dataset" | "data" | "validation" | "limit" | "testLimit">,
): RunDescription["task"] {
  const { dataset, data, validation, limit, testLimit } = settings;
  return {
    kind: gevbDatasets[dataset].task,
    validation,
    ...(data === undefined ? {} : { data }),
    ...(limit === undefined ? {} : { limit }),
    ...(testLimit === undefined ? {} : { testLimit }),
  };
}

/**
 * The run that settings stand for, on the loaded task.
 *
 * @throws UsageError, DescriptionError where the settings make no sense together
 */
export function describeGevbRun(settings: GevbRunSettings, task: Task): RunDescription {
  checkCombination(settings);
  const { dataset, arch, units, gates, sign, rule, optimiser: kind, rate, decay } = settings;
  const { hidden = paperHidden(dataset, arch, units) } = settings;
  const { height, width, channels, classes } = task;
  return {
    ...z.object(TrainingSettings.shape).parse(settings),
    circuit: gevbCircuit({ image: { height, width, channels }, arch, units, hidden, classes, sign, gates }),
    task: gevbTask(settings),
    rule: { kind: rule },
    optimiser: { kind, rate, ...(decay === undefined ? {} : { decay }) },
  };
}

/** Every rule with every seed. */
export async function gevbCollection(experiment: string, config: GevbConfig, tasks: TaskShelf): Promise<Collection> {
  const runs = config.seeds.flatMap((seed) => config.rule.map((rule): GevbRunSettings => ({ ...config, rule, seed })));
  // Before the stimuli are loaded, which takes longer and may fail for less.
  for (const settings of runs) checkCombination(settings);
  const task = await tasks.take({ task: gevbTask(config), seed: config.seeds[0]! });
  const cells = runs.map(
    (settings): Cell => ({
      name: config.seeds.length === 1 ? settings.rule : `${settings.rule}-seed-${settings.seed}`,
      condition: ruleTitle(settings.rule),
      description: describeGevbRun(settings, task),
    }),
  );
  return { experiment, settings: config, cells, tasks };
}

const name = "gevb";
const collect = (settings: unknown, owner: string, tasks: TaskShelf) =>
  gevbCollection(name, parseDescription(owner, GevbConfig, settings), tasks);

/** Rules on the paper's circuits and data sets; one rule from one seed is a single run, more are a collection. */
export const gevbExperiment: Experiment = {
  ...collectionExperiment({
    name,
    summary: "learning rules on the paper's circuits (Clark, Abbott & Chung 2021)",
    sweeps: sweepableSettings.gevb,
    collect,
  }),
  async run(options, control) {
    const collection = await collect(options, name, new TaskShelf());
    const [cell, ...others] = collection.cells as [Cell, ...Cell[]];
    if (others.length > 0) return startCollection(collection, control);
    const { description, condition } = cell;
    const naming = { experiment: name, label: cell.name, condition };
    const { folder } = await startRun(description, naming, control, await collection.tasks.take(description));
    await reportRuns(folder, name, [folder], control);
  },
};

/** Runs the gevb experiment. */
export const runGevb = (options: GevbOptions, control: NewCollectionControl): Promise<void> =>
  gevbExperiment.run(options, control);
