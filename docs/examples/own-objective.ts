/**
 * An objective of one's own: values by the Huber loss, which forgives outliers. Train a circuit by it on the task of movement.ts by
 *
 *   sulcus run circuit --config docs/examples/own-objective.yaml \
 *     --use docs/examples/own-objective.ts --use docs/examples/movement.ts
 */
import { defineElementwise, defineObjective, definePlugin, unitLoss, valueSettings, z } from "sulcus";

/** e^2 / 2 up to delta from the target, and beyond it as steep as there. */
const huberLoss = defineElementwise({
  name: "huber-loss",
  inputs: ["values", "target"],
  constants: ["delta"],
  operations: 6,
  body: function (values, target) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    const size = Math.abs(values[i]! - target[i]!);
    return size < this.constants.delta ? (size * size) / 2 : this.constants.delta * (size - this.constants.delta / 2);
  },
});

/** Its slope along the values. */
const huberSlope = defineElementwise({
  name: "huber-slope",
  inputs: ["values", "target"],
  constants: ["delta"],
  operations: 3,
  body: function (values, target) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    return Math.max(-this.constants.delta, Math.min(this.constants.delta, values[i]! - target[i]!));
  },
});

export const huber = defineObjective({
  kind: "huber",
  summary: "report values by the Huber loss, quadratic up to delta and linear from there on",
  settings: z.strictObject({ delta: z.number().positive().default(1), ...valueSettings }),
  build: ({ delta, ...settings }) =>
    unitLoss({
      ...settings,
      lossUnit: "Huber loss",
      loss: (values, target) => huberLoss({ values, target }, { delta }).result,
      slope: (values, target) => huberSlope({ values, target }, { delta }).result,
    }),
});

export default definePlugin({ name: "huber", parts: [huber] });
