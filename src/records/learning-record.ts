import * as z from "zod";

// Keys that are not listed are kept by whoever reads (`checked`): another version of Sulcus may have measured more.
const count = z.int().min(0);

/**
 * How a rule's update of a projection's weights lies to the gradient of the loss, for one batch. Both are null where there
 * is nothing to compare: one of the two is zero in every weight (dead units, a readout that decides nothing), or not finite.
 */
export const Alignment = z.object({
  /** Angle between them, degrees, 0 to 180; it does not depend on how large they are. */
  angle: z.number().nullable(),
  /** Share of the weights that exist where both have the same sign (both 0 counts), 0 to 1. */
  signAgreement: z.number().nullable(),
});
export type Alignment = z.infer<typeof Alignment>;

/** By projection, "pre->post", in the order of activity. */
export const AlignmentByProjection = z.record(z.string(), Alignment);

/** One evaluation; a line of metrics.jsonl. Holds nothing that depends on the clock: same seed, same lines. */
export const Evaluation = z.object({
  /** Training steps done. */
  step: count,
  /** Passes over the training stimuli done; a fraction within an epoch. */
  epoch: z.number(),
  /** Mean loss over the training stimuli of which something was asked since the evaluation before; null where nothing was. */
  trainLoss: z.number().nullable(),
  /** Share of wrong decisions among the same, 0 to 1; null where nothing was asked. */
  trainError: z.number().nullable(),
  /** Which stimuli the evaluation used. */
  set: z.enum(["validation", "test"]),
  /** Of how many something was asked; one that is presented several times counts as often as something is. */
  count,
  /** Stimuli that they are of, where each is presented several times; absent: as many. */
  stimuli: count.exactOptional(),
  /** Their mean loss, in the unit of the objective; null where nothing was asked. */
  loss: z.number().nullable(),
  /** Share of wrong decisions among them, 0 to 1; null where nothing was asked. */
  error: z.number().nullable(),
  /** By projection, "pre->post". */
  alignment: AlignmentByProjection,
});
export type Evaluation = z.infer<typeof Evaluation>;

/** What a run ends with; summary.json of its folder. */
export const RunSummary = z.object({
  label: z.string(),
  rule: z.string(),
  steps: count,
  epochs: z.number(),
  /** Of the last evaluation, and null where it was undefined, as the others. */
  testError: z.number().nullable(),
  testLoss: z.number().nullable(),
  trainError: z.number().nullable(),
  alignment: AlignmentByProjection,
  /** Seconds of computing, all sittings of an interrupted run together. */
  seconds: z.number(),
  /** Median milliseconds of a training step; null where there was none. */
  stepMilliseconds: z.number().nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;
