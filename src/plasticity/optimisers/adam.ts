import * as z from "zod";
import { adamStep } from "../../compute/kernels/optimiser.ts";
import { defineOptimiser, type Optimiser, rate } from "./optimiser.ts";

/** Share of a moment that the next step keeps; at 1 nothing would ever enter, and the bias correction divides by 0. */
const kept = z.number().min(0).lt(1);

const AdamSettings = z.strictObject({
  rate,
  beta1: kept.default(0.9),
  beta2: kept.default(0.999),
  epsilon: z.number().positive().default(1e-8),
});

/** See `stepsOf`, without a decay. Source: Kingma & Ba 2015. */
export const adam = defineOptimiser({
  summary: "Adam",
  settings: AdamSettings,
  build: (settings) => stepsOf({ ...settings, decay: 0 }),
});

/** See `stepsOf`. Source: Loshchilov & Hutter 2019. */
export const adamw = defineOptimiser({
  summary: "Adam with decoupled weight decay",
  settings: AdamSettings.extend({ decay: z.number().min(0).default(0.01) }),
  build: (settings) => stepsOf(settings),
});

/**
 * Moments m and v of the update, bias-corrected, w <- (1 - rate decay) w - rate m^ / (sqrt(v^) + epsilon), then back to the
 * allowed sign.
 */
function stepsOf({
  rate,
  beta1,
  beta2,
  epsilon,
  decay,
}: z.output<typeof AdamSettings> & { readonly decay: number }): Optimiser {
  return {
    memories: ["firstMoment", "secondMoment"],
    scheduleSize: 4,
    // The last two: what is kept of a parameter that decays, and of one that does not.
    schedule(step, factor = 1) {
      const now = factor * rate;
      return Float32Array.of(now / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step), 1 - now * decay, 1);
    },
    step(weight, gradient, { firstMoment, secondMoment }, schedule, { minimum, maximum, decays }) {
      const { weight: parameter, ...memories } = adamStep(
        { weight, gradient, firstMoment: firstMoment!, secondMoment: secondMoment!, schedule },
        { minimum, maximum, beta1, beta2, epsilon, keepIndex: decays ? 2 : 3 },
      );
      return { parameter, memories };
    },
  };
}
