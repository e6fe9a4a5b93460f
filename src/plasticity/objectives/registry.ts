import * as z from "zod";
import { lookUp } from "../../kinds/errors.ts";
import { parseDescription } from "../../kinds/plain-data.ts";
import { AttendedObject, attendedObject } from "./attended-object.ts";
import { classification } from "./classification.ts";
import type { Objective } from "./objective.ts";

/** An objective as plain data: its registered name, and settings that `buildObjective` checks. */
export const ObjectiveDescription = z.looseObject({ kind: z.string() });
export type ObjectiveDescription = z.infer<typeof ObjectiveDescription>;

/** A kind of objective, to be built with settings. */
interface ObjectiveKind {
  /** Settings that a description may give besides the kind, with their defaults. */
  readonly settings: z.ZodObject;
  /** @param settings checked, defaults filled in */
  build(settings: Readonly<Record<string, unknown>>): Objective;
}

/** Kinds of objectives by name. */
export const objectives: Readonly<Record<string, ObjectiveKind>> = {
  classification: { settings: z.strictObject({}), build: () => classification },
  "attended-object": { settings: AttendedObject, build: attendedObject },
};

/**
 * The same objective with every default written out.
 *
 * @param within what messages begin with, such as "config.yaml, "
 * @throws UsageError naming the nearest objective, DescriptionError for a setting that is unknown or out of range
 */
export function resolveObjective({ kind, ...settings }: ObjectiveDescription, within = ""): ObjectiveDescription {
  const objective = lookUp(`${within}objective`, kind, objectives);
  return { kind, ...parseDescription(`${within}objective "${kind}"`, objective.settings, settings) };
}

/** Builds an objective from its description. Throws as `resolveObjective` does. */
export function buildObjective(description: ObjectiveDescription): Objective {
  const { kind, ...settings } = resolveObjective(description);
  return lookUp("objective", kind, objectives).build(settings);
}
