import { sigmoid as rate } from "../../compute/kernels/gain.ts";
import { sigmoidError } from "../../compute/kernels/gain-error.ts";
import { elementwiseGain } from "../elementwise-gain.ts";
import { defineNeuron } from "../neuron.ts";

/** rate = 1 / (1 + exp(-drive)). */
export const sigmoid = defineNeuron({
  kind: "sigmoid",
  summary: "rate = 1 / (1 + exp(-drive))",
  build: (_settings, population) => elementwiseGain(population, rate, sigmoidError),
});
