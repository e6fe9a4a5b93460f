import * as z from "zod";
import { multiply, subtract } from "../../compute/kernels/pointwise.ts";
import { scale } from "../../compute/kernels/scaling.ts";
import type { Tensor } from "../../compute/trace.ts";
import { defineObjective } from "./objective.ts";
import { unitLoss, valueSettings } from "./unit-loss.ts";

const errorOf = (values: Tensor, target: Tensor) => subtract({ left: values, right: target }).result;

/**
 * Reporting values by squared error, l = (y - target)^2, whose slope is 2 (y - target); see `unitLoss`.
 *
 * Settings: time ("decision", or "steps"), unit (of the values; none).
 */
export const squaredError = defineObjective({
  kind: "squared-error",
  summary: "report values, at the decision or at every time step: mean squared error",
  settings: z.strictObject(valueSettings),
  build: ({ time, unit }) =>
    unitLoss({
      lossUnit: unit === undefined ? "squared error" : `${unit}\u00b2`,
      time,
      unit,
      loss: (values, target) => {
        const error = errorOf(values, target);
        return multiply({ left: error, right: error }).result;
      },
      slope: (values, target) => scale({ values: errorOf(values, target) }, { factor: 2 }).result,
    }),
});
