import type { PopulationState } from "../../circuits/activity.ts";
import { isPlastic } from "../../circuits/network.ts";
import { addError, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";
import { heardLater } from "./heard-later.ts";

/**
 * Broadcast vector: every unit of every population that has something to learn hears the same error vector e, in full and
 * at once: of a classification, softmax(y) - target. At each time step it hears of what was reported then or later. What a
 * modulatory system with K separate signals could do; no weight is transported. The circuit makes one report. A readout
 * hears of the reports that its rate was part of; what a rate costs by itself adds to what is heard.
 * Source: Clark, Abbott & Chung 2021, section 2.
 */
export function broadcastVector(circuit: PlasticCircuit): Map<PopulationState, PostsynapticError> {
  const { activity, readouts, stateErrors, errorVectors, rateCosts } = circuit;
  const errors = new Map<PopulationState, PostsynapticError>();
  for (const state of activity.states) {
    const { population, step } = state;
    const reads = readouts.includes(population);
    if (isPlastic(population) && (!reads || stateErrors.has(state))) {
      const ofOwn = reads ? errorVectors.filter(({ steps }) => steps.includes(step)) : errorVectors;
      const [vector] = heardLater(ofOwn, step).values();
      if (vector) errors.set(state, { kind: "shared", vector, units: population.units });
    }
    const cost = rateCosts.get(state);
    if (cost) addError(errors, state, cost);
  }
  return errors;
}
