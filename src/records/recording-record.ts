import * as z from "zod";

const shape = z.array(z.int().min(0));

/** Where an array lies: under its name in the .npz file, or in a .npy file of its own beside this one. */
const place = { file: z.string().optional(), shape, type: z.enum(["float32", "uint32"]) };

/** What a recording is of, and how its arrays are to be read: the .json file beside them. */
export const RecordingRecord = z.object({
  circuit: z.string(),
  /** What the run is called; absent where the circuit is of no run. */
  label: z.string().optional(),
  /** Whether parameters are those that training left; else they are as the run starts. */
  trained: z.boolean(),
  /** Training step of the snapshot that the parameters are of; absent: they are the last ones, or the first. */
  at: z.int().min(0).optional(),
  task: z.string(),
  set: z.enum(["test", "validation", "training"]),
  trials: z.int().min(1),
  /** How often each trial was shown in a row. */
  presentations: z.int().min(1),
  /** Seed of all that is random. */
  seed: z.int().min(0),
  /** Time steps of the circuit, which have no duration in units of time: rates follow each other step by step. */
  steps: z.int().min(1),
  /** What was done to the circuit, as run descriptions have it. */
  manipulations: z.array(z.looseObject({ kind: z.string(), of: z.string() })),
  arrays: z.record(
    z.string(),
    z.object({
      ...place,
      /** What each axis of the array runs over. */
      axes: z.array(z.string()),
      of: z.string(),
      what: z.enum(["rates", "drive", "error", "weights", "biases"]),
      /** What values are measured in; "1": they have no unit. */
      unit: z.string(),
      /** Time steps along the axis "step". */
      steps: z.array(z.int().min(0)).optional(),
      /** Units along the axis "unit"; absent: all. */
      units: z.array(z.int().min(0)).optional(),
      /** How units lie in space: (row width + column) channels + channel. */
      map: z.object({ height: z.int(), width: z.int(), channels: z.int() }).optional(),
    }),
  ),
  /** What is told of the trials: their places in the set, labels or targets, and factors of the task. */
  factors: z.record(z.string(), z.object({ ...place, axes: z.array(z.string()) })),
});
export type RecordingRecord = z.infer<typeof RecordingRecord>;
