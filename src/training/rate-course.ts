/** Courses that the learning rate can take over a run. */
export const rateSchedules = ["constant", "linear", "cosine"] as const;
type RateSchedule = (typeof rateSchedules)[number];

interface RateCourse {
  readonly rateSchedule: RateSchedule;
  /** Factor from one epoch to the next. */
  readonly rateDecay: number;
  readonly stepsPerEpoch: number;
  /** Steps of the whole run, at least 1. */
  readonly totalSteps: number;
}

/**
 * Factor of the learning rate at each step of a run, 1 at the first:
 *
 *   factor(s) = decay^floor(s / steps per epoch) * course(s / S), s = 0 ... S - 1,
 *
 * where S are all steps and course(x) is 1 (constant), 1 - x (linear) or (1 + cos(pi x)) / 2 (cosine). The last two
 * fall to 0 just after the last step. A constant rate leaves the weights where the last batches threw them; a rate that
 * falls to 0 averages over many batches, so that the result depends less on the seed and on the last bits of the
 * machine's products.
 *
 * @returns the factor for a number of steps done before
 */
export function rateCourse({ rateSchedule, rateDecay, stepsPerEpoch, totalSteps }: RateCourse) {
  const courses: Readonly<Record<RateSchedule, (part: number) => number>> = {
    constant: () => 1,
    linear: (part) => 1 - part,
    cosine: (part) => (1 + Math.cos(Math.PI * part)) / 2,
  };
  const course = courses[rateSchedule];
  return (step: number): number => rateDecay ** Math.floor(step / stepsPerEpoch) * course(step / totalSteps);
}
