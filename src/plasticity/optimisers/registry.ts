import { lookUp, UsageError } from "../../compute/errors.ts";
import { adam } from "./adam.ts";
import { momentum } from "./momentum.ts";
import type { Optimiser, OptimiserSettings } from "./optimiser.ts";
import { sgd } from "./sgd.ts";

/** Optimisers by name. */
export const optimisers: Readonly<Record<OptimiserSettings["kind"], (settings: OptimiserSettings) => Optimiser>> = {
  sgd,
  momentum,
  adam,
  adamw: adam,
};

/** Settings that each optimiser takes besides kind and rate. */
const accepted: Readonly<Record<OptimiserSettings["kind"], readonly (keyof OptimiserSettings)[]>> = {
  sgd: [],
  momentum: ["momentum"],
  adam: ["beta1", "beta2", "epsilon"],
  adamw: ["beta1", "beta2", "epsilon", "decay"],
};

/**
 * Builds an optimiser from its settings.
 *
 * @throws UsageError for an unknown kind, a rate that is not positive, or a setting the optimiser does not take
 */
export function buildOptimiser(settings: OptimiserSettings): Optimiser {
  const build = lookUp("optimiser", settings.kind, optimisers);
  if (!(settings.rate > 0 && Number.isFinite(settings.rate)))
    throw new UsageError(`optimiser "${settings.kind}": rate is ${settings.rate}, expected a finite number above 0`);
  for (const [key, value] of Object.entries(settings))
    if (
      value !== undefined &&
      key !== "kind" &&
      key !== "rate" &&
      !accepted[settings.kind].includes(key as keyof OptimiserSettings)
    )
      throw new UsageError(
        `optimiser "${settings.kind}" does not take "${key}"; it takes ${["rate", ...accepted[settings.kind]].join(", ")}`,
      );
  return build(settings);
}
