import * as z from "zod";
import { lookUp } from "../../compute/errors.ts";
import { attendedObject } from "./attended-object.ts";
import { classification } from "./classification.ts";
import type { Objective } from "./objective.ts";

/** An objective as plain data: its registered name, and settings that `buildObjective` checks. */
export const ObjectiveDescription = z.looseObject({ kind: z.string() });
export type ObjectiveDescription = z.infer<typeof ObjectiveDescription>;

/** How objectives are built from their settings, by name. */
export const objectives: Readonly<Record<string, (settings: Readonly<Record<string, unknown>>) => Objective>> = {
  classification: () => classification,
  "attended-object": attendedObject,
};

/**
 * Builds an objective from its description.
 *
 * @throws UsageError naming the nearest objective, DescriptionError for a setting that is unknown or out of range
 */
export function buildObjective({ kind, ...settings }: ObjectiveDescription): Objective {
  return lookUp("objective", kind, objectives)(settings);
}
