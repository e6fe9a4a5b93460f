import * as z from "zod";

// Each count has a largest value, far above all that is of use: a slip of the hand such as 1e12 is refused where it is read, and
// neither blocks nor fills the memory later.

const upTo = (most: number) => z.int().min(1).max(most);

/** Stimuli, or whatever else is counted one by one: trials, scenes, pairs. */
export const stimulusCount = upTo(10_000_000);
/** The same, where none is an answer too. */
export const stimulusCountOrNone = z.int().min(0).max(10_000_000);
/** Passes over stimuli, and how often something is done in a pass. */
export const passCount = upTo(1_000_000);
/** Units of a population, channels of a map, stimuli of a batch. */
export const unitCount = upTo(1_000_000);
/** Place of a unit among the units of a population. */
export const unitIndex = z.int().min(0).max(999_999);
/** Time steps and glimpses: each is a copy of the whole circuit in a plan. */
export const timeStepCount = upTo(1000);

/** Standard deviation of noise on values of about 1; with more nothing is left of them. */
export const noiseDeviation = z.number().min(0).max(100);
