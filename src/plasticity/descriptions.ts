import * as z from "zod";
import type { AttendedObjectSettings } from "./objectives/attended-object.ts";
import type { ObjectiveDescription } from "./objectives/registry.ts";
import type { OptimiserSettings } from "./optimisers/optimiser.ts";

/** A learning rule as plain data: its registered name, and settings that `buildRule` checks. */
export const RuleDescription = z.looseObject({ kind: z.string() });
export type RuleDescription = z.infer<typeof RuleDescription>;

/** What a rule is called: its kind, and of a rule by pathway what the forward pathway learns by. */
export function ruleInWords({ kind, forward }: RuleDescription): string {
  const within = z.object({ forward: RuleDescription }).safeParse({ forward });
  return within.success ? `${kind} (${within.data.forward.kind})` : kind;
}

/** An optimiser as plain data: its registered name, the learning rate, and settings that `buildOptimiser` checks. */
export const OptimiserDescription = z.looseObject({ kind: z.string(), rate: z.number().positive() });
export type OptimiserDescription = z.infer<typeof OptimiserDescription>;

/** Global error-vector broadcasting. */
export const gevb = (): RuleDescription => ({ kind: "gevb" });
/** Back-propagation. */
export const bp = (): RuleDescription => ({ kind: "bp" });
/** Feedback alignment. */
export const fa = (): RuleDescription => ({ kind: "fa" });
/** Direct feedback alignment. */
export const dfa = (): RuleDescription => ({ kind: "dfa" });
/** One rule for the forward pathway, back-propagation for all else. */
export const byPathway = (forward: RuleDescription): RuleDescription => ({ kind: "by-pathway", forward });
/** Node perturbation; the noise has amplitude 1e-3 unless given. */
export const nodePerturbation = (settings: { amplitude?: number } = {}): RuleDescription => ({
  kind: "node-perturbation",
  ...settings,
});
/** Three-factor Hebbian rule with eligibility; defaults 0.01, 0.1, 0.9. */
export const threeFactor = (
  settings: { amplitude?: number; decay?: number; averaging?: number } = {},
): RuleDescription => ({ kind: "three-factor", ...settings });

/** Naming the class: softmax cross-entropy. */
export const classification = (): ObjectiveDescription => ({ kind: "classification" });
/** Attending to one object of a scene after the other, and naming it; see the objective for settings and defaults. */
export const attendedObject = (settings: AttendedObjectSettings = {}): ObjectiveDescription => ({
  kind: "attended-object",
  ...settings,
});

type Settings<Key extends keyof OptimiserSettings> = Pick<OptimiserSettings, "rate" | Key>;

/** Gradient descent. */
export const sgd = (settings: Settings<never>): OptimiserSettings => ({ kind: "sgd", ...settings });
/** Gradient descent with momentum (default 0.9). */
export const momentum = (settings: Settings<"momentum">): OptimiserSettings => ({ kind: "momentum", ...settings });
/** Adam (defaults 0.9, 0.999, 1e-8). */
export const adam = (settings: Settings<"beta1" | "beta2" | "epsilon">): OptimiserSettings => ({
  kind: "adam",
  ...settings,
});
/** Adam with decoupled weight decay (default 0.01). */
export const adamw = (settings: Settings<"beta1" | "beta2" | "epsilon" | "decay">): OptimiserSettings => ({
  kind: "adamw",
  ...settings,
});
