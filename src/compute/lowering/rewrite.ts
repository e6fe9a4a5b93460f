import { type Plan, withoutDeadSteps } from "../plan.ts";
import { describeStep, type FusedStep, type PlanStep, partsOf, type Step } from "../step.ts";
import { PlanReader } from "./plan-reader.ts";

/** Steps of a plan, and the one that they become. */
export interface Fusion {
  readonly of: readonly PlanStep[];
  readonly as: Step;
}

/** A way in which several steps of a plan become one. */
export interface RewriteRule<Match = unknown> {
  readonly name: string;
  /** Rules that would take steps of this one away, and so come after it. */
  readonly before?: readonly string[];
  /**
   * Kernels whose values the fused step makes anew for itself: a step of theirs stays in the plan as long as anything else
   * reads it, and several fused steps may be of it.
   */
  readonly remakes?: readonly string[];
  /** Groups of steps to be fused that a step is the key to, the best first. */
  match(step: PlanStep, plan: PlanReader): Iterable<Match>;
  replace(match: Match): Fusion;
}

/**
 * Replaces steps of a plan by fused ones. Rules say what belongs together; whether it may is decided here alone: nothing else
 * may need a value that the fused step does not hand out, no step becomes part of two, and all that the fused step reads has
 * to be there before anything reads what it makes. The other steps keep their order; those that nothing needs any more are left
 * out. Steps are looked at from the last to the first, so that groups which end at a step are as long as they can be.
 */
export function rewrite(plan: Plan, rules: readonly RewriteRule[]): Plan {
  return inOrder(rules).reduce(apply, plan);
}

function apply(plan: Plan, rule: RewriteRule): Plan {
  const reader = new PlanReader(plan);
  for (const step of plan.steps.toReversed()) if (reader.has(step)) fuseAt(step, reader, rule);
  return withoutDeadSteps({ ...plan, steps: reader.steps() });
}

/** Fuses the first group of steps that can be. */
function fuseAt(step: PlanStep, reader: PlanReader, rule: RewriteRule): void {
  for (const match of rule.match(step, reader)) {
    const fusion = rule.replace(match);
    const parts = reader.inOrder([...new Set(fusion.of)]);
    const replaced = new Set(parts.filter(({ kernel }) => !rule.remakes?.includes(kernel.name)));
    const fused: FusedStep = { ...fusion.as, parts: parts.flatMap(partsOf) };
    expectDefined(rule, fused);
    const handedOut = new Set(Object.values(fused.outputs));
    const lost = [...replaced]
      .flatMap(({ outputs }) => Object.values(outputs))
      .some((id) => !handedOut.has(id) && reader.isNeededBeyond(id, replaced));
    const place = lost ? undefined : reader.placeFor(fused, replaced);
    if (place === undefined) continue;
    reader.replace(replaced, fused, place);
    return;
  }
}

/** A fused step is defined by its parts: it reads what they are given, and hands out what they make. */
function expectDefined({ name }: RewriteRule, fused: FusedStep): void {
  const made = new Set(fused.parts.flatMap(({ outputs }) => Object.values(outputs)));
  const read = new Set(fused.parts.flatMap(({ inputs }) => Object.values(inputs)));
  const strange =
    Object.entries(fused.inputs).find(([, id]) => made.has(id) || !read.has(id)) ??
    Object.entries(fused.outputs).find(([, id]) => !made.has(id));
  if (strange) throw new Error(`rule "${name}": "${strange[0]}" of ${describeStep(fused)} is no value of its parts`);
}

/** Rules after all that go before them; those that do not care, by name, so that it does not matter in which order they are told. */
function inOrder(rules: readonly RewriteRule[]): RewriteRule[] {
  const left = rules.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const ordered: RewriteRule[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ name }) => !left.some(({ before }) => before?.includes(name)));
    if (next < 0) throw new Error(`rules go before each other in a circle: ${left.map(({ name }) => name).join(", ")}`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}
