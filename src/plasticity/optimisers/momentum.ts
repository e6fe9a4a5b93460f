import { momentumStep } from "../../compute/kernels/optimiser.ts";
import type { Optimiser, OptimiserSettings } from "./optimiser.ts";

/** Gradient descent with momentum: u <- momentum u + g; w <- w - rate u, then back to the allowed sign. */
export function momentum(settings: OptimiserSettings): Optimiser {
  const { rate, momentum: kept = 0.9 } = settings;
  return {
    settings,
    memories: ["velocity"],
    scheduleSize: 1,
    schedule: (_step, factor = 1) => Float32Array.of(factor * rate),
    step(weight, gradient, memories, schedule, { minimum, maximum }) {
      const stepped = momentumStep(
        { weight, gradient, velocity: memories.velocity!, schedule },
        { minimum, maximum, momentum: kept },
      );
      return { parameter: stepped.weight, memories: { velocity: stepped.velocity } };
    },
  };
}
