import * as z from "zod";
import { gevbCircuit } from "../../circuits/ready-made/gevb.ts";
import type { Library } from "../../kinds/library.ts";
import type { Collection } from "../../runs/collection.ts";
import type { Cell } from "../../runs/execution/cell.ts";
import type { TaskShelf } from "../../runs/execution/task-shelf.ts";
import { defineExperiment } from "../../runs/experiment.ts";
import type { Task } from "../../tasks/task.ts";
import type { RunDescription } from "../../training/run-description.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { gevbDatasets, paperHidden, ruleTitle } from "./choices.ts";
import { checkCombination } from "./combinations.ts";
import { GevbConfig } from "./settings.ts";

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
export function describeGevbRun(settings: GevbRunSettings, task: Task, library: Library): RunDescription {
  checkCombination(settings, library);
  const { dataset, arch, units, gates, sign, rule, optimiser: kind, rate, decay, from } = settings;
  const { hidden = paperHidden(dataset, arch, units) } = settings;
  const { height, width, channels } = task.training.shape.streams[0]!;
  return {
    ...z.object(TrainingSettings.shape).parse(settings),
    representation: settings.representation,
    circuit: gevbCircuit({
      image: { height, width, channels },
      arch,
      units,
      hidden,
      classes: task.classes,
      sign,
      gates,
    }),
    ...(from === undefined ? {} : { from }),
    task: gevbTask(settings),
    objective: { kind: "classification" },
    rule: { kind: rule },
    optimiser: { kind, rate, ...(decay === undefined ? {} : { decay }) },
  };
}

/** Every rule with every seed. */
export async function gevbCollection(experiment: string, config: GevbConfig, tasks: TaskShelf): Promise<Collection> {
  const runs = config.seeds.flatMap((seed) => config.rule.map((rule): GevbRunSettings => ({ ...config, rule, seed })));
  // Before the stimuli are loaded, which takes longer and may fail for less.
  for (const settings of runs) checkCombination(settings, tasks.library);
  const task = await tasks.take({ task: gevbTask(config), seed: config.seeds[0]! });
  const cells = runs.map(
    (settings): Cell => ({
      name: config.seeds.length === 1 ? settings.rule : `${settings.rule}-seed-${settings.seed}`,
      condition: ruleTitle(settings.rule),
      description: describeGevbRun(settings, task, tasks.library),
    }),
  );
  return { experiment, settings: config, cells, tasks };
}

/** Rules on the paper's circuits and data sets. */
export const gevbExperiment = defineExperiment({
  kind: "gevb",
  single: true,
  summary: "learning rules on the paper's circuits (Clark, Abbott & Chung 2021)",
  settings: GevbConfig,
  examples: ['gevb --rule gevb,bp --epochs 2 --rate 1e-3 --set "hidden=[512,256]"'],
  build: (settings, { tasks }) => gevbCollection("gevb", settings, tasks),
});
