import * as z from "zod";
import type { Network } from "../../circuits/network.ts";
import type { RandomStream } from "../../compute/random.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor } from "../../compute/trace.ts";
import { parseDescription } from "../../kinds/plain-data.ts";
import type { Updates } from "../local-updates.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/** A value that a rule draws once for a network and never changes, such as feedback weights. */
export interface FixedValue {
  readonly shape: Shape;
  /** Name of the random stream it is drawn from; values of one stream begin with the same numbers. */
  readonly stream: string;
  draw(random: RandomStream): Float32Array;
}

/** A value that a rule carries from step to step. */
export interface RuleMemory {
  readonly shape: Shape;
  /** Value of every element before the first step. */
  readonly initial: number;
}

/**
 * A learning rule: updates of all plastic parameters from presynaptic rates, local postsynaptic factors and what an
 * error channel delivers. It sees a circuit only as a PlasticCircuit, and no circuit knows of it.
 */
export interface LearningRule {
  readonly name: string;
  /** Why the rule makes no sense in a network; undefined where it does. */
  refuse(network: Network): string | undefined;
  /** What the optimiser descends along. */
  updates(circuit: PlasticCircuit): Updates;
  /** Fixed random values, by the name under which `circuit.kept` gives them. */
  fixed?(network: Network): Readonly<Record<string, FixedValue>>;
  /** Values carried from step to step, by name. */
  memories?(network: Network): Readonly<Record<string, RuleMemory>>;
  /** New values of all memories. */
  remember?(circuit: PlasticCircuit): ReadonlyMap<string, Tensor>;
}

/** A kind of learning rule, to be built with settings. */
export interface RuleKind {
  readonly summary: string;
  /** Settings that a description may give besides the kind, each with its default. */
  readonly settings: readonly string[];
  /**
   * The settings with every default filled in.
   *
   * @param within what messages begin with; default ""
   * @throws DescriptionError naming the setting that is unknown or out of range
   */
  resolve(settings: Readonly<Record<string, unknown>>, within?: string): Readonly<Record<string, unknown>>;
  /** @throws DescriptionError as `resolve` does */
  build(settings: Readonly<Record<string, unknown>>): LearningRule;
}

/** A kind of rule from the schema of its settings. */
export function defineRule<Settings extends z.ZodObject>(kind: {
  readonly name: string;
  readonly summary: string;
  readonly settings: Settings;
  build(settings: z.infer<Settings>): Omit<LearningRule, "name">;
}): RuleKind {
  const resolve = (given: Readonly<Record<string, unknown>>, within = "") =>
    parseDescription(`${within}rule "${kind.name}"`, kind.settings, given);
  return {
    summary: kind.summary,
    settings: Object.keys(kind.settings.shape),
    resolve,
    build: (given) => ({ name: kind.name, ...kind.build(resolve(given)) }),
  };
}

/** The schema of a rule without settings. */
export const noSettings = z.strictObject({});
