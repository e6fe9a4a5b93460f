import type { TwoSampleTest } from "../../analysis/two-sample-test.ts";

/** One scene through all glimpses, as images of [height, width, channels] values in rows and columns. */
export interface AttentionExample {
  height: number;
  width: number;
  channels: number;
  /** The scene as it was shown. */
  scene: number[];
  /** Classes of its objects, in words. */
  objects: string[];
  glimpses: {
    /** What the first gate let through at the last time step. */
    gated: number[];
    /** Attention at the first stage that gated it, one channel: -1 lets most through, 1 least. */
    attention: number[];
    /** Inhibition of return at the first stage after the glimpse, 0 or 1, one channel; absent where there is none. */
    inhibition?: number[];
    /** What was reported, and what the chosen object is. */
    report: string;
    chosen: string;
  }[];
}

/** How many pixels were gated by how much: counts by bins of equal width. */
export interface GatingHistogram {
  /** Lower edge of the first bin and upper edge of the last, of the factor 1 - s A. */
  from: number;
  to: number;
  attended: number[];
  unattended: number[];
  /** Mean factor over scenes with pixels of both kinds; null where there are none. */
  meanAttended: number | null;
  meanUnattended: number | null;
  /** Paired over scenes. */
  test: TwoSampleTest;
}

/** Tuning of one stage's units for bars, attended and not, with a digit as distractor. */
export interface TuningRecord {
  stage: string;
  /** Degrees from 0 on, below 180. */
  angles: number[];
  /** Units that are tuned, with gain (1: unchanged) and shift of the peak, degrees, by attention. */
  units: { unit: number; gain: number; shift: number }[];
  untuned: number;
  /** Share of the tuned units whose peak shifts by less than one step of the bars; null of none. */
  steadyShare: number | null;
  /** Curves of some units, mean rates by angle. */
  curves: { unit: number; attended: number[]; unattended: number[] }[];
}

/** What attention does in a trained circuit: attention.json of a run folder. */
export interface AttentionRecord {
  /** Scenes that were analysed. */
  scenes: number;
  /**
   * Share of glimpses whose report is the class of the chosen object, by glimpse; of those at which an object was left;
   * null for a glimpse at which none ever was.
   */
  accuracy: (number | null)[];
  /** How many glimpses that is a share of, by glimpse; absent from records of old. */
  asked?: number[];
  /** Mean recall over classes, and mean F1, over all glimpses. */
  balancedAccuracy: number;
  macroF1: number;
  /**
   * Of scenes with several objects, share in which the second glimpse went to another object than the first; null of
   * none.
   */
  otherObject: number | null;
  /** Agreement of the attention mask with the chosen object: share of correct pixels, mean over glimpses; null of none. */
  maskAgreement: number | null;
  examples: AttentionExample[];
  gating: GatingHistogram;
  tuning: TuningRecord[];
  /** Change of mean activity by attention, percent, by stage, and its test paired over scenes. */
  modulation: { stage: string; percent: number; test: TwoSampleTest }[];
  /** Accuracy at the end of a glimpse's iterations 1, 2, ... and at other strengths than the trained one. */
  iterations: { iteration: number; accuracy: number }[];
  strengths: { strength: number; accuracy: number }[];
}
