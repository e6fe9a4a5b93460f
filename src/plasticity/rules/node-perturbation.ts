import * as z from "zod";
import type { PopulationState } from "../../circuits/activity.ts";
import { positiveSingle } from "../../kinds/single-precision.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import { correlate, scalarReward } from "../channels/scalar-reward.ts";
import { updatesFromDrives } from "../local-updates.ts";
import { defineRule } from "./rule.ts";

/**
 * Node perturbation. Noise xi = +-1 of small amplitude s is added to the drive of every unit at once (at every time step anew);
 * how much the loss L of a sample changes is broadcast as a scalar, and each unit correlates it with its own noise:
 *
 *   delta_i = (L(v + s xi) - L(v)) / s * xi_i,   dW_ij = delta_i . h_j,   db_i = delta_i.
 *
 * Averaged over the noise, delta is the gradient at the drive (up to s^2), so dW averages to the gradient; its variance
 * grows with the number of units. h are the rates without noise.
 *
 * Plausible: local, one global scalar (a reward prediction error, as dopamine carries), no weight transport. Not: that
 * the circuit meets each stimulus twice, with and without noise, and that a unit knows its noise apart from its drive.
 * This is the classical global signal that GEVB's vector improves on.
 * Sources: Williams 1992; Werfel, Xie & Seung 2005; Clark, Abbott & Chung 2021, section 1.
 */
export const nodePerturbation = defineRule({
  kind: "node-perturbation",
  summary: "node perturbation: noise on every drive, correlated with one scalar reward broadcast to all",
  settings: z.strictObject({
    /** Amplitude of the noise on each drive. */
    amplitude: positiveSingle.default(1e-3),
  }),
  build: ({ amplitude }) => ({
    updates(circuit) {
      const reward = scalarReward(circuit, circuit.perturbed(amplitude).loss, circuit.loss);
      const atDrives = circuit.activity.states.map((state): [PopulationState, PostsynapticError] => [
        state,
        { kind: "own", delta: correlate(reward, circuit.noise(state), 1 / amplitude) },
      ]);
      return updatesFromDrives(circuit, new Map(atDrives));
    },
  }),
});
