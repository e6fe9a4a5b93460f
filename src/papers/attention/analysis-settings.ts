import * as z from "zod";
import { stimulusCount, stimulusCountOrNone } from "../../kinds/counts.ts";

/** How it is analysed after training what attention does. */
export const AttentionAnalysisSettings = z.strictObject({
  /** Test scenes, evenly spread, that accuracy, gating and modulation are taken from. */
  scenes: stimulusCount.default(1000),
  /** Scenes that are kept with every glimpse, for figures. */
  examples: stimulusCountOrNone.default(6),
  /** Bins of the histogram of gating. */
  bins: z.int().min(2).max(10_000).default(40),
  /** Orientations of bars that units are tuned to. */
  angles: z.int().min(3).max(3600).default(21),
  /** Digits that each bar is shown beside, in turn; 0: no tuning. */
  distractors: stimulusCountOrNone.default(20),
  /** Units of each stage whose tuning curves are kept. */
  curves: stimulusCountOrNone.default(6),
  /** Strengths of attention at which the same weights are tried. */
  strengths: z.array(z.number().min(0).max(1)).default([0, 0.1, 0.2, 0.3, 0.5, 0.7, 1]),
  /** Scenes that each strength is tried on. */
  strengthScenes: stimulusCount.default(500),
});
export type AttentionAnalysisSettings = z.infer<typeof AttentionAnalysisSettings>;
