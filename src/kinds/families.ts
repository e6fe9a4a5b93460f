/**
 * What a family of kinds makes: the context that its kinds are refused or built in, what they build, and what a kind of the
 * family says besides name, summary, settings, `refuse` and `build`. Where the context may be undefined, a kind can be built
 * before its context is known, and nothing is refused then.
 */
export interface FamilyOf<Context, Built, Extra = unknown> {
  readonly context: Context;
  readonly built: Built;
  readonly extra: Extra;
}

/**
 * Families of kinds by name. The room that owns a family declares it here by merging:
 *
 * ```ts
 * declare module "../kinds/families.ts" {
 *   interface Families { rule: FamilyOf<Network, LearningRule> }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: rooms fill it by declaration merging
export interface Families {}

export type Family = keyof Families;

/** How people call a family. */
export interface FamilyWords {
  /** In the singular: "learning rule". */
  readonly one: string;
  /** As the heading of a list: "rules". */
  readonly many: string;
}

const known: Readonly<Record<string, FamilyWords>> = {
  experiment: { one: "experiment", many: "experiments" },
  task: { one: "task", many: "tasks" },
  objective: { one: "objective", many: "objectives" },
  rule: { one: "learning rule", many: "rules" },
  optimiser: { one: "optimiser", many: "optimisers" },
  neuron: { one: "gain function", many: "gain functions" },
  topology: { one: "topology", many: "topologies" },
  initialiser: { one: "initialiser", many: "initialisers" },
  constraint: { one: "sign constraint", many: "sign constraints" },
  measure: { one: "measure", many: "measures" },
  device: { one: "device", many: "devices" },
};

/** How people call a family; one without words of its own goes by its name. */
export const wordsOf = (family: string): FamilyWords => known[family] ?? { one: family, many: family };
