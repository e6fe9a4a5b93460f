import { definePlugin, defineRule, isWeighted, kernels, localUpdates, reshape, z } from "sulcus";

/**
 * Oja's rule: hidden units learn without a teacher, by presynaptic rate x times postsynaptic rate y, and forget what they say
 * already,
 *
 *   dW = y x' - decay y y' W,
 *
 * so that linear units come to span the first principal components of their input; of one unit the weights come to lie along the
 * first one. Readouts learn by the delta rule. Biases of hidden units stay.
 *
 * Sources: Oja 1982, a neuron as a principal component analyser; Oja 1989, several of them.
 */
export const oja = defineRule({
  kind: "oja",
  summary: "Oja's rule for hidden units, the delta rule for readouts",
  settings: z.strictObject({ decay: z.number().positive().default(1) }),
  refuse(_settings, { steps, populations }) {
    if (steps > 1) return `it is for circuits of one time step, and this one has ${steps}`;
    const vector = populations.find(({ dimension }) => dimension > 1);
    return vector && `it is for scalar units, and those of "${vector.name}" have dimension ${vector.dimension}`;
  },
  build: ({ decay }) => ({
    updates(circuit) {
      const updates = new Map(localUpdates(circuit, circuit.stateErrors));
      for (const { population, rates, incoming } of circuit.activity.states) {
        if (circuit.readouts.includes(population)) continue;
        const [batch, , units] = rates.shape as [number, number, number];
        const y = reshape(rates, [batch, units]);
        // Updates are descended along, so that what is to grow has a minus.
        const growing = kernels.scaleRows({ values: y, scales: circuit.weights }, { factor: -1 }).result;
        const said = kernels.multiplyTransposed({ left: growing, right: y }).product;
        for (const { projection, message } of incoming.filter((signal) => isWeighted(signal.projection))) {
          if (!isWeighted(projection)) continue;
          const delta = reshape(growing, rates.shape);
          const hebb = projection.update(message, { kind: "own", delta }, circuit.mask(projection));
          const right = kernels.multiplyMatrices({ left: said, right: circuit.weight(projection)! }).product;
          updates.set(projection.weight, kernels.addScaled({ left: hebb, right }, { factor: -decay }).result);
        }
      }
      return updates;
    },
  }),
});

export default definePlugin({ name: "oja", parts: [oja] });
