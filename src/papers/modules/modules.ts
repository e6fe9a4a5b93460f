import * as z from "zod";
import type { DecisionDescription } from "../../circuits/description.ts";
import { modularCircuit, uniformWiring, type Wiring } from "../../circuits/ready-made/modules.ts";
import { UsageError } from "../../kinds/errors.ts";
import { partOf } from "../../kinds/kind.ts";
import type { Collection } from "../../runs/collection.ts";
import type { Cell } from "../../runs/execution/cell.ts";
import type { TaskShelf } from "../../runs/execution/task-shelf.ts";
import { defineExperiment } from "../../runs/experiment.ts";
import type { Task } from "../../tasks/task.ts";
import type { RunDescription } from "../../training/run-description.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { connectionsInWords, densityInWords } from "./chapter/density-in-words.ts";
import { ModulesConfig } from "./settings.ts";

/** What one run of the experiment depends on. */
type ModulesRunSettings = Omit<ModulesConfig, "rule" | "seeds"> & {
  readonly rule: string;
  readonly seed: number;
};

/** The trials that settings ask for. */
export function modulesTask(settings: ModulesRunSettings): RunDescription["task"] {
  const { modules, task, source, input, pixelNoise, onset, steps, validation, data, limit, testLimit } = settings;
  const timed = pixelNoise > 0 || onset === "random";
  return {
    kind: "double-digits",
    digits: modules,
    report: task,
    source,
    input,
    noise: pixelNoise,
    onset,
    validation,
    ...(timed ? { steps } : {}),
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
export function describeModulesRun(settings: ModulesRunSettings, task: Task): RunDescription {
  refuseIdle(settings);
  const { units, steps, gain, leak, noise, from, transmission, inhibitoryFraction = 0.2, startFrom } = settings;
  const { streams, targets } = task.training.shape;
  return {
    ...z.object(TrainingSettings.shape).parse(settings),
    representation: settings.representation,
    circuit: modularCircuit({
      units,
      wiring: wiringOf(settings),
      inputs: streams,
      varying: streams.some((stream) => stream.steps > 1),
      classes: task.classes,
      steps,
      gain,
      leak,
      noise,
      from,
      transmission,
      signs: { within: settings.signWithin, between: settings.signBetween },
      inhibitoryFraction,
      decision: decisionOf(settings, targets.length),
    }),
    ...(startFrom === undefined ? {} : { from: startFrom }),
    task: modulesTask(settings),
    objective: { kind: "classification" },
    rule: { kind: settings.rule },
    optimiser: {
      kind: settings.optimiser,
      rate: settings.rate,
      ...(settings.optimiser === "adamw" ? { decay: settings.decay ?? 1e-5 } : {}),
      ...(settings.decay === undefined ? {} : { decay: settings.decay }),
    },
    specialization: settings.specialization,
  };
}

/** @throws UsageError where the task asks for another number of targets than the modules report */
function decisionOf({ task, modules, decision: { time, module } }: ModulesRunSettings, targets: number) {
  const decision: DecisionDescription = { time, module: module ?? (task === "digits" ? "each" : "max") };
  const asks = `task "${task}" asks for ${targets} ${targets === 1 ? "target" : "targets"}`;
  if (decision.module === "each") {
    if (targets === modules) return decision;
    const remedy = targets === 1 ? "decide by max, sum or random" : `decide by max, or set modules to ${targets}`;
    throw new UsageError(
      `modules, decision: with module "each" the ${modules} modules report a target each, and ${asks}; ${remedy}`,
    );
  }
  if (targets === 1) return decision;
  if (typeof decision.module === "object")
    throw new UsageError(
      `modules, decision: the readout "${decision.module.readout}" reports 1 target, and ${asks}; decide by max, sum, random or each`,
    );
  return { ...decision, targets };
}

/** Connections between modules where nobody says otherwise. */
const usualDensity = 0.1;

/** @throws UsageError for a setting that would do nothing beside the others */
function refuseIdle({ density, wiring, inhibitoryFraction, signWithin, signBetween }: ModulesRunSettings): void {
  if (density !== undefined && wiring !== undefined)
    throw new UsageError(
      `modules: got ${wiringInWords({ density })} beside a wiring, which says how all modules are connected; leave one of them out`,
    );
  if (inhibitoryFraction !== undefined && ![signWithin, signBetween].some((sign) => partOf(sign).kind === "dale"))
    throw new UsageError(
      `modules, inhibitoryFraction: got ${inhibitoryFraction}, and no sign is "dale", which alone knows inhibitory units; set signWithin or signBetween to dale, or leave it out`,
    );
}

/** @throws UsageError where the wiring is not of as many modules */
function wiringOf({ modules, density = usualDensity, wiring }: ModulesRunSettings): Wiring[][] {
  if (wiring === undefined) return uniformWiring(modules, density);
  if (wiring.length !== modules)
    throw new UsageError(
      `modules, wiring: got ${wiring.length} rows, expected ${modules}, one for each module; give as many, or set modules to ${wiring.length}`,
    );
  return wiring;
}

/** "density 0.1", "1 connection": what runs that differ in seed and rule have in common. */
function wiringInWords({ density = usualDensity, wiring }: Pick<ModulesConfig, "density" | "wiring">): string {
  if (wiring !== undefined) return "own wiring";
  return typeof density === "number" ? densityInWords(density) : connectionsInWords(density.connections);
}

/** Every rule with every seed. */
async function modulesCollection(experiment: string, config: ModulesConfig, tasks: TaskShelf): Promise<Collection> {
  const cells: Cell[] = [];
  let task: Task | undefined;
  for (const seed of config.seeds)
    for (const rule of config.rule) {
      const settings: ModulesRunSettings = { ...config, rule, seed };
      // Whatever the seed, trials are of one shape.
      task ??= await tasks.take({ task: modulesTask(settings), seed });
      cells.push({
        name: config.rule.length === 1 ? `seed-${seed}` : `${rule}-seed-${seed}`,
        condition: [...(config.rule.length === 1 ? [] : [rule.toUpperCase()]), wiringInWords(config)].join(", "),
        description: describeModulesRun(settings, task),
      });
    }
  return { experiment, settings: config, cells, tasks };
}

/** Modules with any inter-module density, trained on a task about several digits, and what each is specialised in. */
export const modulesExperiment = defineExperiment({
  kind: "modules",
  single: true,
  summary: "structure against function in modular circuits (Bena & Goodman 2021)",
  settings: ModulesConfig,
  examples: ["modules --density 0.1 --units 100 --steps 5 --task parity-digits --seed 1"],
  build: (settings, { tasks }) => modulesCollection("modules", settings, tasks),
});
