import type * as z from "zod";
import type { Network } from "../../circuits/network.ts";
import type { RandomStream } from "../../compute/random.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor } from "../../compute/trace.ts";
import { type CallableKind, definer, type NoSettings, type SettingsSchema } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
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
  /** Value of every element before the first step, or what draws the values. */
  readonly initial: number | Omit<FixedValue, "shape">;
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

declare module "../../kinds/families.ts" {
  interface Families {
    /** A rule is built without a network, and asked later whether it makes sense in one. */
    rule: FamilyOf<Network | undefined, LearningRule>;
  }
}

/**
 * A kind of learning rule. `build` gives all of a rule but its name and its refusal, which come from the definition.
 *
 * @param definition name, summary, settings (absent: none), `refuse` (why the rule makes no sense in a network; absent: it
 *   always does) and `build`
 */
export function defineRule<S extends SettingsSchema = NoSettings>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly settings?: S;
  refuse?(settings: z.output<S>, network: Network, library: Library): string | undefined;
  build(settings: z.output<S>, library: Library): Omit<LearningRule, "name" | "refuse">;
}): CallableKind<"rule", S> {
  const { kind, refuse, build } = definition;
  return definer("rule", ["updates"])<S>({
    ...definition,
    build: (settings, _network, library) => ({
      name: kind,
      refuse: (network) => refuse?.(settings, network, library),
      ...build(settings, library),
    }),
  });
}
