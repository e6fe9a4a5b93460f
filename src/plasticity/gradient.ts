import { layered } from "./channels/layered.ts";
import { localUpdates, type Updates } from "./local-updates.ts";
import type { PlasticCircuit } from "./plastic-circuit.ts";

/** The gradient of the mean loss: errors carried back through the forward weights themselves. */
export function gradient(circuit: PlasticCircuit): Updates {
  return localUpdates(circuit, layered(circuit, circuit.weight));
}
