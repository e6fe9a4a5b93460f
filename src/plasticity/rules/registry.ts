import { lookUp } from "../../kinds/errors.ts";
import type { RuleDescription } from "../descriptions.ts";
import { bp } from "./bp.ts";
import { byPathway } from "./by-pathway.ts";
import { dfa } from "./dfa.ts";
import { fa } from "./fa.ts";
import { gevb } from "./gevb.ts";
import { nodePerturbation } from "./node-perturbation.ts";
import type { LearningRule, RuleKind } from "./rule.ts";
import { threeFactor } from "./three-factor.ts";

/** Kinds of rules by which all of a circuit learns alike, by name. */
export const uniformRules: Readonly<Record<string, RuleKind>> = {
  gevb,
  bp,
  fa,
  dfa,
  "node-perturbation": nodePerturbation,
  "three-factor": threeFactor,
};

/** Kinds of learning rules by name. */
export const learningRules: Readonly<Record<string, RuleKind>> = {
  ...uniformRules,
  "by-pathway": byPathway(uniformRules),
};

/**
 * The same rule with every default written out.
 *
 * @param within what messages begin with, such as "config.yaml, "
 * @throws UsageError for an unknown kind, DescriptionError for a setting that the rule does not take
 */
export function resolveRule({ kind, ...settings }: RuleDescription, within = ""): RuleDescription {
  return { kind, ...lookUp(`${within}learning rule`, kind, learningRules).resolve(settings, within) };
}

/**
 * Builds a learning rule from its description.
 *
 * @throws UsageError for an unknown kind, DescriptionError for a setting that the rule does not take
 */
export function buildRule({ kind, ...settings }: RuleDescription): LearningRule {
  return lookUp("learning rule", kind, learningRules).build(settings);
}
