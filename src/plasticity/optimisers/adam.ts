import { adamStep } from "../../compute/kernels/optimiser.ts";
import type { Optimiser, OptimiserSettings } from "./optimiser.ts";

/**
 * Adam, and with a decay AdamW: moments m and v of the update, bias-corrected, w <- w - rate m^ / (sqrt(v^) + epsilon),
 * then back to the allowed sign. Sources: Kingma & Ba 2015; Loshchilov & Hutter 2019.
 */
export function adam(settings: OptimiserSettings): Optimiser {
  const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = settings;
  const decay = settings.kind === "adamw" ? (settings.decay ?? 0.01) : 0;
  return {
    settings,
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
