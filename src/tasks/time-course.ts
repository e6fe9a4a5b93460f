import type { RandomStream } from "../compute/random.ts";
import { addGaussianNoise } from "./gaussian-noise.ts";

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
 * The step of each trial from which on its image is shown: 0, or uniform in 0 ... steps - 2, so that at least the last two
 * steps show it.
 */
export function drawOnsets({ steps, onset }: TimeCourse, trials: number, random: RandomStream): Uint32Array {
  const onsets = new Uint32Array(trials);
  if (onset === "start") return onsets;
  return onsets.map(() => random.integer(0, steps - leastShown));
}

/**
 * Spreads images over the time steps of a stream: black before the onset, the image from then on, noise over both.
 *
 * @param steps stimuli of each time step, [batch, units]; the last one holds the images, the others are overwritten
 * @param onsets the step of each trial from which on it is shown, [trials]; samples after them are left alone
 * @param black rate of a black pixel
 */
export function unroll(
  steps: readonly Float32Array[],
  onsets: Uint32Array,
  units: number,
  noise: number,
  black: number,
  random: RandomStream,
): void {
  const images = steps.at(-1)!.subarray(0, onsets.length * units);
  steps.forEach((stimuli, step) => {
    if (step < steps.length - 1) stimuli.set(images);
    onsets.forEach((onset, trial) => {
      if (step < onset) stimuli.fill(black, trial * units, (trial + 1) * units);
    });
  });
  for (const stimuli of steps) addGaussianNoise(stimuli.subarray(0, images.length), noise, random);
}
