import { lookUp } from "../../kinds/errors.ts";
import { parseDescription } from "../../kinds/plain-data.ts";
import type { OptimiserDescription } from "../descriptions.ts";
import { adam, adamw } from "./adam.ts";
import { momentum } from "./momentum.ts";
import type { Optimiser, OptimiserKind, OptimiserSettings } from "./optimiser.ts";
import { sgd } from "./sgd.ts";

/** Kinds of optimisers by name. */
export const optimisers: Readonly<Record<OptimiserSettings["kind"], OptimiserKind>> = { sgd, momentum, adam, adamw };

/**
 * The same optimiser with every default written out.
 *
 * @param within what messages begin with, such as "config.yaml, "
 * @throws UsageError for an unknown kind, DescriptionError for a setting that is unknown or out of range
 */
export function resolveOptimiser({ kind, ...given }: OptimiserDescription, within = ""): OptimiserDescription {
  const { settings } = lookUp(`${within}optimiser`, kind, optimisers);
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const resolved = parseDescription(`${within}optimiser "${kind}"`, settings, set);
  return { kind, ...resolved } as OptimiserDescription;
}

/** Builds an optimiser from its description. Throws as `resolveOptimiser` does. */
export function buildOptimiser(description: OptimiserDescription): Optimiser {
  const { kind, ...settings } = resolveOptimiser(description);
  return lookUp("optimiser", kind, optimisers).build(settings);
}
