import * as z from "zod";
import { momentumStep } from "../../compute/kernels/optimiser.ts";
import { defineOptimiser, rate } from "./optimiser.ts";

/** Gradient descent with momentum: u <- momentum u + g; w <- w - rate u, then back to the allowed sign. */
export const momentum = defineOptimiser({
  kind: "momentum",
  summary: "gradient descent with momentum",
  settings: z.strictObject({ rate, momentum: z.number().min(0).max(1).default(0.9) }),
  build: ({ rate, momentum }) => ({
    memories: ["velocity"],
    scheduleSize: 1,
    schedule: (_step, factor = 1) => Float32Array.of(factor * rate),
    step(weight, gradient, memories, schedule, { minimum, maximum }) {
      const stepped = momentumStep(
        { weight, gradient, velocity: memories.velocity!, schedule },
        { minimum, maximum, momentum },
      );
      return { parameter: stepped.weight, memories: { velocity: stepped.velocity } };
    },
  }),
});
