import { sgdStep } from "../../compute/kernels/optimiser.ts";
import type { Optimiser, OptimiserSettings } from "./optimiser.ts";

/** Gradient descent: w <- w - rate g, then back to the allowed sign. */
export function sgd(settings: OptimiserSettings): Optimiser {
  return {
    settings,
    memories: [],
    scheduleSize: 1,
    schedule: (_step, factor = 1) => Float32Array.of(factor * settings.rate),
    step(weight, gradient, _memories, schedule, { minimum, maximum }) {
      const stepped = sgdStep({ weight, gradient, schedule }, { minimum, maximum });
      return { parameter: stepped.weight, memories: {} };
    },
  };
}
