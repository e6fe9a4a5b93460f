import type { PopulationState } from "../../circuits/activity.ts";
import { isPlastic } from "../../circuits/network.ts";
import type { Tensor } from "../../compute/trace.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";

/**
 * Broadcast vector: every unit of every population that has something to learn hears the same error vector e = softmax(y) - target, in full and at
 * once, and takes it for what it did at each time step. What a modulatory system with K separate signals could do; no
 * weight is transported. The circuit makes one report. A readout hears of the time steps that it decided by.
 * Source: Clark, Abbott & Chung 2021, section 2.
 */
export function broadcastVector(circuit: PlasticCircuit): Map<PopulationState, PostsynapticError> {
  const { activity, readouts, stateErrors, errorVectors } = circuit;
  const [vector] = errorVectors as [Tensor];
  return new Map(
    activity.states
      .filter(
        (state) => isPlastic(state.population) && (!readouts.includes(state.population) || stateErrors.has(state)),
      )
      .map((state) => [state, { kind: "shared", vector, units: state.population.units }]),
  );
}
