import type { Description } from "./kinds/kind.ts";
import type { Library } from "./kinds/library.ts";
import { builtIn } from "./library.ts";
import type { Objective } from "./plasticity/objectives/objective.ts";
import type { Optimiser } from "./plasticity/optimisers/optimiser.ts";
import type { LearningRule } from "./plasticity/rules/rule.ts";

// What a program builds one by one, with the kinds that Sulcus comes with unless it hands in a library of its own.

/**
 * Builds a learning rule from its description.
 *
 * @throws UsageError for an unknown kind, DescriptionError for a setting that the rule does not take
 */
export const buildRule = (description: Description, library: Library = builtIn): LearningRule =>
  library.build("rule", description, undefined);

/** Builds an optimiser from its description. Throws as `buildRule` does. */
export const buildOptimiser = (description: Description, library: Library = builtIn): Optimiser =>
  library.build("optimiser", description, undefined);

/** Builds an objective from its description. Throws as `buildRule` does. */
export const buildObjective = (description: Description, library: Library = builtIn): Objective =>
  library.build("objective", description, undefined);
