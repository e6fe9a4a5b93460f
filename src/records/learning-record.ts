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

/** A schema whose values of metrics over training and test stimuli must be numbers, or null where they are not defined. */
const withMetrics = <Fields extends z.ZodType>(fields: Fields): Fields =>
  fields.check((context) => {
    for (const [key, value] of Object.entries(context.value as object))
      if (/^(train|test)[A-Z]/.test(key) && typeof value !== "number" && value !== null)
        context.issues.push({
          code: "custom",
          message: "expected a finite number or nothing",
          input: value,
          path: [key],
        });
  });

/**
 * One evaluation; a line of metrics.jsonl. Holds nothing that depends on the clock: same seed, same lines. Besides what is
 * listed it has the value of each metric of the objective under the metric's name ("error"), and over the training stimuli
 * under that name after "train" ("trainError"); see `metricIn`.
 */
const evaluationFields = z.looseObject({
  /** Training steps done. */
  step: count,
  /** Passes over the training stimuli done; a fraction within an epoch. */
  epoch: z.number(),
  /** Mean loss over the training stimuli of which something was asked since the evaluation before; null where nothing was. */
  trainLoss: z.number().nullable(),
  /** Which stimuli the evaluation used. */
  set: z.enum(["validation", "test"]),
  /** Of how many something was asked; one that is presented several times counts as often as something is. */
  count,
  /** Stimuli that they are of, where each is presented several times; absent: as many. */
  stimuli: count.exactOptional(),
  /** Their mean loss, in the unit of the objective; null where nothing was asked. */
  loss: z.number().nullable(),
  /** By projection, "pre->post". */
  alignment: AlignmentByProjection,
});
export type Evaluation = z.infer<typeof evaluationFields>;
export const Evaluation: z.ZodType<Evaluation> = withMetrics(evaluationFields);

/** A metric in words, as an objective describes it. */
export const MetricWords = z.object({
  /** Unit, such as "deg"; "share" for shares from 0 to 1, which are shown in percent; "" for numbers without a unit. */
  unit: z.string(),
  /** Which way is better. */
  better: z.enum(["less", "more"]),
  /** What it is of: "wrong decisions". */
  of: z.string(),
  /** What tables and figures call it; absent: the metric's name in words, "absolute error" of absoluteError. */
  label: z.string().exactOptional(),
  /** Whether it is the share of stimuli that are wrong, each as a whole, so that it has a binomial interval. */
  ofSamples: z.boolean().exactOptional(),
});
export type MetricWords = z.infer<typeof MetricWords>;

/**
 * What a run ends with; summary.json of its folder. Besides what is listed it has the last value of each metric under the
 * metric's name after "test" ("testError") and, over the training stimuli, after "train"; see `metricIn`.
 */
const summaryFields = z.looseObject({
  label: z.string(),
  rule: z.string(),
  steps: count,
  epochs: z.number(),
  /** Of the last evaluation, and null where it was undefined, as the others. */
  testLoss: z.number().nullable(),
  /** Metrics by name, the most important first; absent: the error alone, as in runs of Sulcus before it had others. */
  metrics: z.record(z.string(), MetricWords).exactOptional(),
  alignment: AlignmentByProjection,
  /** Seconds of computing, all sittings of an interrupted run together. */
  seconds: z.number(),
  /** Median milliseconds of a training step; null where there was none. */
  stepMilliseconds: z.number().nullable(),
});
export type RunSummary = z.infer<typeof summaryFields> &
  Readonly<Record<`test${string}` | `train${string}`, number | null>>;
export const RunSummary = withMetrics(summaryFields) as z.ZodType<RunSummary>;
