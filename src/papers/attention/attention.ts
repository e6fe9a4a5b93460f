import * as z from "zod";
import type { CircuitDescription } from "../../circuits/description.ts";
import { digitAttention, sceneAttention, sceneStages } from "../../circuits/ready-made/attention/named-circuits.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { shown } from "../../kinds/shown.ts";
import { bp } from "../../plasticity/rules/bp.ts";
import { byPathway } from "../../plasticity/rules/by-pathway.ts";
import type { Collection } from "../../runs/collection.ts";
import type { Cell } from "../../runs/execution/cell.ts";
import type { TaskShelf } from "../../runs/execution/task-shelf.ts";
import { defineExperiment } from "../../runs/experiment.ts";
import { cocoScenes } from "../../tasks/coco/coco-scenes.ts";
import { digitScenes } from "../../tasks/scenes/digit-scenes.ts";
import { generatedScenes } from "../../tasks/scenes/generated/generated-scenes.ts";
import type { Task } from "../../tasks/task.ts";
import { ruleMisfit } from "../../training/rule-misfit.ts";
import type { RunDescription } from "../../training/run-description.ts";
import { shippedName } from "../../training/starting-point.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { AttentionConfig, cocoPrefix } from "./settings.ts";

/** What one run of the experiment depends on. */
type AttentionRunSettings = Omit<AttentionConfig, "rule" | "seeds"> & {
  readonly rule: string;
  readonly seed: number;
};

/** Test scenes where nothing is trained: as many as the analysis takes, since more would be evaluated for minutes. */
function analysedAlone({ analyse, analysis }: AttentionRunSettings): number | undefined {
  if (analyse !== "only") return undefined;
  const { scenes, strengthScenes } = analysis;
  return Math.max(scenes, strengthScenes);
}

/** The scenes that settings ask for. */
export function attentionTask(settings: AttentionRunSettings): RunDescription["task"] {
  const { scenes, digits, noise = 0.3, equalDigits = true, size = 100, glimpses, validation } = settings;
  const { data, limit, testLimit = analysedAlone(settings) } = settings;
  const shared = {
    validation,
    ...(glimpses === undefined ? {} : { glimpses }),
    ...(testLimit === undefined ? {} : { testLimit }),
  };
  const limited = limit === undefined ? {} : { limit };
  if (scenes === "digits") {
    const folder = data === undefined ? {} : { data };
    return digitScenes({ digits, noise, equalDigits, limit: 42000, ...limited, ...folder, ...shared });
  }
  if (scenes === "generated") return generatedScenes({ size, objects: digits, clutter: noise, ...limited, ...shared });
  return cocoScenes({ data: scenes.slice(cocoPrefix.length), size, objects: digits, ...limited, ...shared });
}

/** The strength that scenes are gated with, as the paper has it unless settings say otherwise. */
const strengthOf = ({ scenes, strength }: Pick<AttentionConfig, "scenes" | "strength">): number =>
  strength ?? (scenes === "digits" ? 0.2 : 0.9);

/** Units that a rule trains unless settings say otherwise. */
const unitsOf = ({ rule, units }: Pick<AttentionRunSettings, "rule" | "units">) =>
  units ?? (rule === "gevb" ? "vector" : "conventional");

/** The circuit that settings ask for, for scenes of a size. */
export function attentionCircuitOf(
  settings: AttentionRunSettings,
  image: { readonly height: number; readonly width: number; readonly channels: number },
  classes: number,
): CircuitDescription {
  const { iterations, feedback, lateral, gating, inhibitionOfReturn, channels, sign } = settings;
  const changes = {
    image: { height: image.height, width: image.width, channels: image.channels },
    classes,
    strength: strengthOf(settings),
    iterations,
    feedback,
    lateral,
    gating,
    inhibitionOfReturn,
    units: unitsOf(settings),
    ...(sign === undefined ? {} : { sign }),
  };
  if (settings.scenes === "digits")
    return digitAttention(settings.digits, {
      ...changes,
      ...(channels === undefined ? {} : { stages: channels.map((each) => ({ channels: each })) }),
    });
  return sceneAttention({ ...changes, ...(channels === undefined ? {} : { stages: sceneStages(channels, changes) }) });
}

/**
 * The run that settings stand for, on the loaded scenes.
 *
 * @throws UsageError where only an analysis is asked for, and of no weights
 */
function describeAttentionRun(settings: AttentionRunSettings, task: Task): RunDescription {
  const { scenes, digits, penalty = scenes === "digits" ? 1000 : 5000, optimiser: kind, rate, decay } = settings;
  const { from, analyse, analysis } = settings;
  if (analyse === "only" && from === undefined)
    throw new UsageError(
      `attention, analyse: got "only" without trained weights; say what to analyse, such as --from runs/attention/... or --from ${shippedName}`,
    );
  return {
    ...z.object(TrainingSettings.shape).parse(settings),
    representation: settings.representation,
    ...(analyse === "only" ? { epochs: 0 } : {}),
    ...(from === undefined ? {} : { from }),
    ...(analyse === "never" ? {} : { attention: analysis }),
    circuit: attentionCircuitOf(settings, task.training.shape.streams[0]!, task.classes),
    task: attentionTask(settings),
    objective: { kind: "attended-object", objects: digits, strength: strengthOf(settings), penalty },
    rule: settings.rule === "bp" ? bp() : byPathway({ forward: settings.rule }),
    optimiser: { kind, rate, ...(decay === undefined ? {} : { decay }) },
  };
}

/** @throws UsageError for a rule that there is not, or that cannot train the units asked for */
function checkRule(settings: Pick<AttentionRunSettings, "rule" | "units">, library: Library): void {
  const misfit = ruleMisfit(settings.rule, unitsOf(settings), library, "attention: ");
  if (misfit !== undefined) throw new UsageError(`attention: ${misfit}`);
}

/** Settings that would do nothing beside others: which they are, and why. */
const idle: readonly (readonly [
  setting: keyof AttentionConfig,
  does: (config: AttentionConfig) => boolean,
  why: (config: AttentionConfig) => string,
])[] = [
  ["data", ({ scenes }) => scenes === "digits", ({ scenes }) => `scenes "${scenes}" read no files of digits`],
  ["noise", ({ scenes }) => !scenes.startsWith(cocoPrefix), () => "photographs have no background of noise"],
  ["equalDigits", ({ scenes }) => scenes === "digits", ({ scenes }) => `scenes "${scenes}" have no digits`],
  ["size", ({ scenes }) => scenes !== "digits", () => 'scenes "digits" are as large as their digits'],
];

/** @throws UsageError for a setting that would do nothing */
function refuseIdle(config: AttentionConfig): void {
  for (const [setting, does, why] of idle)
    if (config[setting] !== undefined && !does(config))
      throw new UsageError(
        `attention, ${setting}: got ${shown(config[setting])}, and ${why(config)}; leave one of them out`,
      );
}

/** Every rule with every seed. */
export async function attentionCollection(
  experiment: string,
  config: AttentionConfig,
  tasks: TaskShelf,
): Promise<Collection> {
  for (const rule of config.rule) checkRule({ rule, units: config.units }, tasks.library);
  refuseIdle(config);
  const cells: Cell[] = [];
  let task: Task | undefined;
  for (const seed of config.seeds)
    for (const rule of config.rule) {
      const settings: AttentionRunSettings = { ...config, rule, seed };
      // Whatever the seed, trials are of one shape.
      task ??= await tasks.take({ task: attentionTask(settings), seed });
      cells.push({
        name: config.seeds.length === 1 ? rule : `${rule}-seed-${seed}`,
        condition: rule.toUpperCase(),
        description: describeAttentionRun(settings, task),
      });
    }
  return { experiment, settings: config, cells, tasks };
}

/** Circuits that attend to one object of a scene after the other, what they suppress, and by which rules they learn it. */
export const attentionExperiment = defineExperiment({
  kind: "attention",
  single: true,
  summary: "object-based attention through internal gating (Lei, Benjamin & Kording 2021)",
  settings: AttentionConfig,
  examples: ["attention --digits 2 --epochs 3", "attention --from shipped --analyse"],
  build: (settings, { tasks }) => attentionCollection("attention", settings, tasks),
});
