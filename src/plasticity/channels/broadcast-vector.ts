import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * Broadcast vector: every unit of every population hears the same error vector e = softmax(y) - target, in full and at
 * once. What a modulatory system with K separate signals could do; no weight is transported.
 * Source: Clark, Abbott & Chung 2021, section 2.
 */
export function broadcastVector(circuit: PlasticCircuit): Map<string, PostsynapticError> {
  return new Map(
    circuit.populations.map(({ name, units }) => [name, { kind: "shared", vector: circuit.errorVector, units }]),
  );
}
