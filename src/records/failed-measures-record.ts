import * as z from "zod";

/** A measure that a trained run asked for and that failed. */
export const FailedMeasure = z.object({
  /** Name of the measure: "representation". */
  measure: z.string(),
  /** Why, in a sentence. */
  message: z.string(),
});
export type FailedMeasure = z.infer<typeof FailedMeasure>;

/** failed-measures.json of a run folder. */
export const FailedMeasures = z.object({ measures: z.array(FailedMeasure).min(1) });
