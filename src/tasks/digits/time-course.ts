import type { RandomStream } from "../../compute/random.ts";
import { addGaussianNoise } from "../gaussian-noise.ts";

/** How the image of a trial is shown over the time steps of a circuit. */
export interface TimeCourse {
  /** Time steps of the circuit. */
  readonly steps: number;
  /** SD of the Gaussian noise that is added to every standardised pixel, anew at every step. */
  readonly noise: number;
  /** "start": the image is there from the first step on. "random": from a step on that each trial draws. */
  readonly onset: "start" | "random";
}

/** Steps that show the image, whatever the onset: with fewer, information could not cross between populations. */
const leastShown = 2;

/**
 * The step of a trial from which on its image is shown: 0, or uniform in 0 ... steps - 2, so that at least the last two
 * steps show it.
 */
export const drawOnset = ({ steps, onset }: TimeCourse, random: RandomStream): number =>
  onset === "start" ? 0 : random.integer(0, steps - leastShown);

/**
 * Spreads the image of a trial over the time steps of a stream: black before the onset, the image from then on, noise
 * over both.
 *
 * @param steps stimuli of each time step, [units]; the last one holds the image, the others are overwritten
 * @param onset the step from which on it is shown
 * @param black rate of a black pixel
 */
export function showFromOnset(
  steps: readonly Float32Array[],
  onset: number,
  noise: number,
  black: number,
  random: RandomStream,
): void {
  const image = steps.at(-1)!;
  for (const [step, stimuli] of steps.entries()) {
    if (step < onset) stimuli.fill(black);
    else if (stimuli !== image) stimuli.set(image);
  }
  for (const stimuli of steps) addGaussianNoise(stimuli, noise, random);
}
