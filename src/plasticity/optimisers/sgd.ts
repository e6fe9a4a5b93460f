import * as z from "zod";
import { sgdStep } from "../../compute/kernels/optimiser.ts";
import { defineOptimiser, rate } from "./optimiser.ts";

/** Gradient descent: w <- w - rate g, then back to the allowed sign. */
export const sgd = defineOptimiser({
  kind: "sgd",
  summary: "gradient descent",
  settings: z.strictObject({ rate }),
  build: ({ rate }) => ({
    memories: [],
    scheduleSize: 1,
    schedule: (_step, factor = 1) => Float32Array.of(factor * rate),
    step(weight, gradient, _memories, schedule, { minimum, maximum }) {
      const stepped = sgdStep({ weight, gradient, schedule }, { minimum, maximum });
      return { parameter: stepped.weight, memories: {} };
    },
  }),
});
