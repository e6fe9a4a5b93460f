/**
 * An objective of one's own: values by the Huber loss, which forgives outliers. Train a circuit by it on the task of movement.ts by
 *
 *   sulcus run circuit --config docs/examples/own-objective.yaml \
 *     --use docs/examples/own-objective.ts --use docs/examples/movement.ts
 */
import { defineElementwise, defineObjective, definePlugin, expression, unitLoss, valueSettings, z } from "sulcus";

const { below, choice, larger, magnitude, minus, negative, over, smaller, times } = expression;

/** e^2 / 2 up to delta from the target, and beyond it as steep as there. */
const huberLoss = defineElementwise({
  name: "huber-loss",
  inputs: ["values", "target"],
  constants: ["delta"],
  result({ values, target }, { delta }) {
    const size = magnitude(minus(values, target));
    return choice(below(size, delta), over(times(size, size), 2), times(delta, minus(size, over(delta, 2))));
  },
});

/** Its slope along the values. */
const huberSlope = defineElementwise({
  name: "huber-slope",
  inputs: ["values", "target"],
  constants: ["delta"],
  result: ({ values, target }, { delta }) => larger(negative(delta), smaller(delta, minus(values, target))),
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
