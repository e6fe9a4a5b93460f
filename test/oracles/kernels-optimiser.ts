import type * as optimiser from "../../src/compute/kernels/optimiser.ts";
import type { WeightBounds } from "../../src/compute/kernels/optimiser.ts";
import { at, elementwise, type OraclesOf } from "./kernels-oracle.ts";

/** NaN stays NaN. */
function clamp(value: number, { minimum, maximum }: WeightBounds): number {
  if (value < minimum) return minimum;
  return value > maximum ? maximum : value;
}

/** Optimisers, as their papers write them. */
export const optimiserOracles: OraclesOf<typeof optimiser> = {
  sgdStep: ({ weight, gradient, schedule }, bounds) => ({
    weight: elementwise([weight, gradient], (w, g) => clamp(w - at(schedule, 0) * g, bounds)),
  }),
  momentumStep: ({ weight, gradient, velocity, schedule }, { momentum, ...bounds }) => {
    const moved = elementwise([velocity, gradient], (u, g) => momentum * u + g);
    return {
      velocity: moved,
      weight: elementwise([weight, { shape: weight.shape, values: moved }], (w, u) =>
        clamp(w - at(schedule, 0) * u, bounds),
      ),
    };
  },
  adamStep: (
    { weight, gradient, firstMoment, secondMoment, schedule },
    { beta1, beta2, epsilon, decayIndex, ...bounds },
  ) => {
    const first = elementwise([firstMoment, gradient], (m, g) => beta1 * m + (1 - beta1) * g);
    const second = elementwise([secondMoment, gradient], (v, g) => beta2 * v + (1 - beta2) * g ** 2);
    const moments = [first, second].map((values) => ({ shape: weight.shape, values }));
    return {
      firstMoment: first,
      secondMoment: second,
      weight: elementwise([weight, ...moments], (w, m, v) => {
        const step = (at(schedule, 0) * m!) / (Math.sqrt(v!) * at(schedule, 1) + epsilon);
        return clamp(w - (step + at(schedule, decayIndex) * w), bounds);
      }),
    };
  },
};
