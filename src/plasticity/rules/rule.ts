import type { Network } from "../../circuits/network.ts";
import type { PlasticCircuit, Updates } from "../plastic-circuit.ts";

/**
 * A learning rule: updates of all plastic parameters from presynaptic rates, local postsynaptic factors and what an
 * error channel delivers. It sees a circuit only as a PlasticCircuit, and no circuit knows of it.
 */
export interface LearningRule {
  readonly name: string;
  readonly summary: string;
  /** Why the rule makes no sense in a network; undefined where it does. */
  refuse(network: Network): string | undefined;
  /** What the optimiser descends along. */
  updates(circuit: PlasticCircuit): Updates;
}
