import * as z from "zod";
import { passCount, stimulusCount } from "../../kinds/counts.ts";

const metric = z.enum(["bottleneck", "mask", "correlation"]);

/** How the functional specialization of modules is measured after training. */
export const SpecializationSettings = z.strictObject({
  /** Metrics to take; none leaves only structure, ablation and similarity. */
  metrics: z.array(metric).default(["bottleneck", "mask", "correlation"]),
  /** Time steps at which states are looked at: the last one, or all. */
  steps: z.enum(["last", "all"]).default("last"),
  /** Training trials that fresh readouts and masks learn from. */
  trials: stimulusCount.default(20000),
  /** Units of the layer between a module and a fresh readout. */
  bottleneck: z.int().min(1).max(10_000).default(5),
  /** Gain of these units. */
  bottleneckGain: z.enum(["tanh", "relu", "linear"]).default("tanh"),
  /** Passes of a fresh readout over these trials. */
  readoutEpochs: passCount.default(10),
  /** Shares of the recurrent weights within modules that masks keep. */
  keep: z.array(z.number().gt(0).max(1)).default([0.1, 0.05, 0.01]),
  /** Passes of a mask over these trials. */
  maskEpochs: passCount.default(3),
  /** Pairs of test trials of each kind for the correlation. */
  pairs: stimulusCount.default(4000),
});
export type SpecializationSettings = z.infer<typeof SpecializationSettings>;
