import { softplus as rate } from "../../compute/kernels/gain.ts";
import { softplusError } from "../../compute/kernels/gain-error.ts";
import { elementwiseGain } from "../elementwise-gain.ts";
import { defineNeuron } from "../neuron.ts";

/** rate = log(1 + exp(drive)). */
export const softplus = defineNeuron({
  kind: "softplus",
  summary: "rate = log(1 + exp(drive))",
  build: (_settings, population) => elementwiseGain(population, rate, softplusError),
});
