import * as z from "zod";
import type { TwoSampleTest } from "../../analysis/two-sample-test.ts";

const size = z.int().min(1);
const values = z.array(z.number());

const test = z.union([
  z.object({
    test: z.enum(["paired", "welch"]),
    difference: z.number(),
    statistic: z.number(),
    degreesOfFreedom: z.number(),
    p: z.number(),
  }),
  z.object({ test: z.literal("none"), reason: z.string() }),
]) satisfies z.ZodType<TwoSampleTest>;

/** One scene through all glimpses, as images of [height, width, channels] values in rows and columns. */
const AttentionExample = z.object({
  height: size,
  width: size,
  channels: size,
  /** The scene as it was shown. */
  scene: values,
  /** Classes of its objects, in words. */
  objects: z.array(z.string()),
  glimpses: z.array(
    z.object({
      /** What the first gate let through at the last time step. */
      gated: values,
      /** Attention at the first stage that gated it, one channel: -1 lets most through, 1 least. */
      attention: values,
      /** Inhibition of return at the first stage after the glimpse, 0 or 1, one channel; absent where there is none. */
      inhibition: values.exactOptional(),
      /** What was reported. */
      report: z.string(),
      /** What the chosen object is. */
      chosen: z.string(),
    }),
  ),
});
export type AttentionExample = z.infer<typeof AttentionExample>;

/** How many pixels were gated by how much: counts by bins of equal width. */
const GatingHistogram = z.object({
  /** Lower edge of the first bin, of the factor 1 - s A. */
  from: z.number(),
  /** Upper edge of the last bin. */
  to: z.number(),
  attended: values,
  unattended: values,
  /** Mean factor over scenes with pixels of both kinds; null where there are none. */
  meanAttended: z.number().nullable(),
  meanUnattended: z.number().nullable(),
  /** Paired over scenes. */
  test,
});
export type GatingHistogram = z.infer<typeof GatingHistogram>;

/** Tuning of one stage's units for bars, attended and not, with a digit as distractor. */
const TuningRecord = z.object({
  stage: z.string(),
  /** Degrees from 0 on, below 180. */
  angles: values,
  /** Units that are tuned, with gain (1: unchanged) and shift of the peak, degrees, by attention. */
  units: z.array(z.object({ unit: z.int(), gain: z.number(), shift: z.number() })),
  untuned: z.int(),
  /** Share of the tuned units whose peak shifts by less than one step of the bars; null of none. */
  steadyShare: z.number().nullable(),
  /** Curves of some units, mean rates by angle. */
  curves: z.array(z.object({ unit: z.int(), attended: values, unattended: values })),
});
export type TuningRecord = z.infer<typeof TuningRecord>;

/** What attention does in a trained circuit: attention.json of a run folder. */
export const AttentionRecord = z.object({
  /** Scenes that were analysed. */
  scenes: size,
  /**
   * Share of glimpses whose report is the class of the chosen object, by glimpse; of those at which an object was left;
   * null for a glimpse at which none ever was.
   */
  accuracy: z.array(z.number().nullable()),
  /** How many glimpses that is a share of, by glimpse; absent from records of old. */
  asked: values.exactOptional(),
  /** Mean recall over classes, over all glimpses. */
  balancedAccuracy: z.number(),
  /** Mean F1 over classes, over all glimpses. */
  macroF1: z.number(),
  /**
   * Of scenes with several objects, share in which the second glimpse went to another object than the first; null of
   * none.
   */
  otherObject: z.number().nullable(),
  /** Agreement of the attention mask with the chosen object: share of correct pixels, mean over glimpses; null of none. */
  maskAgreement: z.number().nullable(),
  examples: z.array(AttentionExample),
  gating: GatingHistogram,
  tuning: z.array(TuningRecord),
  /** Change of mean activity by attention, percent, by stage, and its test paired over scenes. */
  modulation: z.array(z.object({ stage: z.string(), percent: z.number(), test })),
  /** Accuracy at the end of a glimpse's iterations 1, 2, ... */
  iterations: z.array(z.object({ iteration: z.int(), accuracy: z.number() })),
  /** Accuracy at other strengths than the trained one. */
  strengths: z.array(z.object({ strength: z.number(), accuracy: z.number() })),
});
export type AttentionRecord = z.infer<typeof AttentionRecord>;
