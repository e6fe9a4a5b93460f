import * as z from "zod";
import { leakyRelu as rate } from "../../compute/kernels/gain.ts";
import { leakyReluError } from "../../compute/kernels/gain-error.ts";
import { positiveSingle } from "../../kinds/single-precision.ts";
import { elementwiseGain } from "../elementwise-gain.ts";
import { defineNeuron } from "../neuron.ts";

/** Rectified units that leak: rate = drive where drive > 0, else slope drive. */
export const leakyRelu = defineNeuron({
  kind: "leaky-relu",
  summary: "rate = drive where drive > 0, else slope drive (slope)",
  settings: z.strictObject({
    /** Slope below 0, above 0 and below 1. */
    slope: positiveSingle.lt(1).default(0.05),
  }),
  build: (settings, population) =>
    elementwiseGain(
      population,
      (inputs) => rate(inputs, settings),
      (inputs) => leakyReluError(inputs, settings),
    ),
});
