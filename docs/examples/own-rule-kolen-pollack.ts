import { definePlugin, defineRule, isWeighted, kernels, layered, localUpdates, type PlasticCircuit, z } from "sulcus";

const feedback = (projection: string) => `feedback/${projection}`;

const updatesOf = (circuit: PlasticCircuit) =>
  localUpdates(
    circuit,
    layered(circuit, ({ name, weight }) => (weight === undefined ? undefined : circuit.kept(feedback(name)))),
  );

/**
 * Kolen & Pollack's rule: feedback weights B start at random and learn, at a rate of their own, as the forward weights W do,
 *
 *   dW = delta h' + decay W,   dB = delta h' + decay B,
 *
 * so that their difference dies out, and errors travel as in back-propagation, though no weight was carried over.
 * Sources: Kolen & Pollack 1994; Akrout, Wilson, Humphreys, Lillicrap & Tweed 2019.
 */
export const kolenPollack = defineRule({
  kind: "kolen-pollack",
  summary: "feedback weights that learn as the forward weights do, until they are alike",
  settings: z.strictObject({
    rate: z.number().positive().default(0.05),
    decay: z.number().min(0).max(1).default(0.01),
  }),
  refuse: (_settings, { populations }) =>
    populations.some(({ dimension }) => dimension > 1) ? "its feedback weights are for scalar units" : undefined,
  build: ({ rate, decay }) => ({
    memories: (network) =>
      Object.fromEntries(
        network.projections.filter(isWeighted).map((projection) => {
          const stream = feedback(projection.name);
          return [stream, { shape: projection.weights.shape, initial: { stream, draw: projection.draw } }];
        }),
      ),
    updates: (circuit) =>
      new Map(
        [...updatesOf(circuit)].map(([name, update]) => {
          const projection = circuit.populations.flatMap(({ incoming }) => incoming).find((p) => p.weight === name);
          const right = projection && circuit.weight(projection);
          return [name, right ? kernels.addScaled({ left: update, right }, { factor: decay }).result : update];
        }),
      ),
    remember(circuit) {
      const updates = updatesOf(circuit);
      const weighted = circuit.populations.flatMap(({ incoming }) => incoming.filter(isWeighted));
      return new Map(
        weighted.map(({ name, weight }) => {
          const left = kernels.scale({ values: circuit.kept(feedback(name)) }, { factor: 1 - rate * decay }).result;
          const right = updates.get(weight)!;
          return [feedback(name), kernels.addScaled({ left, right }, { factor: -rate }).result];
        }),
      );
    },
  }),
});

export default definePlugin({ name: "kolen-pollack", parts: [kolenPollack] });
