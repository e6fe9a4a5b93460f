import * as z from "zod";
import { RunManipulation } from "../circuits/manipulations/description.ts";
import { largestSeed } from "../compute/random-state.ts";
import { passCount, stimulusCount, unitCount } from "../kinds/counts.ts";
import { rateSchedules } from "./rate-course.ts";

/** How training is watched and saved; the same for every experiment. */
export const TrainingSettings = z.strictObject({
  /** Passes over the training stimuli. */
  epochs: passCount.default(1).meta({ help: "passes over the training stimuli" }),
  /** Course of the learning rate over the run, see `rateCourse`. */
  rateSchedule: z.enum(rateSchedules).default("constant"),
  /** Factor of the learning rate from one epoch to the next, on top of its course. */
  rateDecay: z.number().positive().max(1).default(1),
  /** Whether to end after an epoch in which no training stimulus was decided wrongly. */
  stopWhenLearned: z.boolean().default(false),
  /** Seed of every random stream. */
  seed: z.int().min(0).max(largestSeed).default(1),
  /** Stimuli in a batch. */
  batch: unitCount.default(128).meta({ help: "stimuli in a batch" }),
  /** Evaluations per epoch, evenly spaced; the last one of an epoch is at its end. */
  evaluations: passCount.default(1),
  /** Stimuli of an evaluation during training; the last evaluation of a run takes all. */
  evaluationStimuli: stimulusCount.default(2000),
  /** What is done to the circuit while it runs, in training and in every evaluation; absent: nothing. */
  manipulations: z.array(RunManipulation).min(1).optional(),
  /** Of how many evaluations one keeps the parameters as they are, so that the circuit can be recorded as it was; absent: of none. */
  snapshots: passCount.optional(),
  /** Seconds between two checkpoints; one is always written at the end. 0: after every step. */
  checkpointSeconds: z.number().min(0).default(30),
  /**
   * What the checkpoint of a finished run holds: all, or "weights", without the optimiser's state, which is twice as
   * large as the weights with Adam. Such a run can be analysed, reported and started from, but not trained on.
   */
  finalCheckpoint: z.enum(["full", "weights"]).default("full"),
  /** Name of a device, or "auto"; see `openDevice`. */
  device: z.string().default("auto").meta({ help: "device, see sulcus devices", sweep: false }),
  /** Contraction provider of the cpu device: "auto", "onnxruntime", "tfjs", "gpujs". */
  provider: z.string().default("auto").meta({ help: "contraction provider, see sulcus devices", sweep: false }),
  /** Whether memory-bound kernels are accelerated on the cpu device. */
  accelerators: z.boolean().default(true).meta({
    help: "whether kernels are accelerated on the cpu device",
    off: "use the GPU.js kernels alone on the cpu device",
    sweep: false,
  }),
});
