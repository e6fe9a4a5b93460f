import * as z from "zod";
import { adamStep } from "../../compute/kernels/optimiser.ts";
import { isPositiveSingle, nonNegativeSingle, positiveSingle, shareBelowOne } from "../../kinds/single-precision.ts";
import { defineOptimiser, type Optimiser, rate } from "./optimiser.ts";

const AdamSettings = z.strictObject({
  rate,
  // Shares of the moments that the next step keeps: at 1 nothing would ever enter, and the bias correction divides by 0.
  beta1: shareBelowOne.default(0.9),
  beta2: shareBelowOne.default(0.999),
  epsilon: positiveSingle.default(1e-8),
});

/** The bias correction makes the first step the largest, and no step may be infinite. */
const firstStepFits = ({ rate, beta1 }: z.output<typeof AdamSettings>) => isPositiveSingle(rate / (1 - beta1));
const tooLarge = {
  path: ["rate"],
  error: "the first step, rate / (1 - beta1), is larger than single precision holds; take a smaller rate",
};

/** See `stepsOf`, without a decay. Source: Kingma & Ba 2015. */
export const adam = defineOptimiser({
  kind: "adam",
  summary: "Adam",
  settings: AdamSettings.refine(firstStepFits, tooLarge),
  build: (settings) => stepsOf({ ...settings, decay: 0 }),
});

/** See `stepsOf`. Source: Loshchilov & Hutter 2019. */
export const adamw = defineOptimiser({
  kind: "adamw",
  summary: "Adam with decoupled weight decay",
  settings: AdamSettings.extend({ decay: nonNegativeSingle.default(0.01) })
    .refine(firstStepFits, tooLarge)
    .refine(({ rate, decay }) => rate * decay < 2 ** 127, {
      path: ["decay"],
      error: "what a step takes away, rate times decay, is larger than single precision holds; take a smaller decay",
    }),
  build: (settings) => stepsOf(settings),
});

/**
 * Moments m and v of the update, bias-corrected, w <- w - (rate m^ / (sqrt(v^) + epsilon) + rate decay w), then back to the
 * allowed sign. What decays is added to the step first: single precision takes 1 - rate decay for 1 where rate decay is
 * below 3e-8.
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
    // The last two: the share that a step takes from a parameter that decays, and from one that does not.
    schedule(step, factor = 1) {
      const now = factor * rate;
      return Float32Array.of(now / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step), now * decay, 0);
    },
    step(weight, gradient, { firstMoment, secondMoment }, schedule, { minimum, maximum, decays }) {
      const { weight: parameter, ...memories } = adamStep(
        { weight, gradient, firstMoment: firstMoment!, secondMoment: secondMoment!, schedule },
        { minimum, maximum, beta1, beta2, epsilon, decayIndex: decays ? 2 : 3 },
      );
      return { parameter, memories };
    },
  };
}
