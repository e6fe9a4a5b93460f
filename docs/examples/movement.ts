/** A task of values over time with a mask: moving up and down as fast as an input tells. */
import { definePlugin, defineTask, generated, trialCounts, z } from "sulcus";

export const movement = defineTask({
  kind: "movement",
  summary: "move up and down as fast as the input tells",
  settings: z.strictObject({
    steps: z.int().min(2).max(100).default(12),
    /** Share of the measured positions that are far off. */
    outliers: z.number().min(0).max(1).default(0.05),
    trials: trialCounts,
  }),
  build: ({ steps, outliers, trials }, context) =>
    generated(context, {
      streams: { speed: { units: 2, steps } },
      targets: { position: { units: 1, steps, mask: "steps" } },
      trials,
      trial(random) {
        const fast = random.integer(0, 1);
        const time = Array.from({ length: steps }, (_, step) => step);
        const position = time.map((step) => {
          const off = random.uniform() < outliers ? 5 : 0;
          return [Math.sin((step * (1 + fast)) / 2) + off];
        });
        return {
          stimuli: { speed: time.map(() => [1 - fast, fast]) },
          targets: { position },
          // Where the movement starts is not asked.
          masks: { position: time.map((step) => (step === 0 ? 0 : 1)) },
        };
      },
    }),
});

export default definePlugin({ name: "movement", parts: [movement] });
