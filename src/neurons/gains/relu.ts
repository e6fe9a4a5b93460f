import { relu as rate } from "../../compute/kernels/gain.ts";
import { reluError } from "../../compute/kernels/gain-error.ts";
import { elementwiseGain } from "../elementwise-gain.ts";
import { defineNeuron } from "../neuron.ts";

/** Rectified units: rate = max(drive, 0). */
export const relu = defineNeuron({
  kind: "relu",
  summary: "rate = max(drive, 0)",
  build: (_settings, population) => elementwiseGain(population, rate, reluError),
});
