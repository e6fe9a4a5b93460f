import { tanh as rate } from "../../compute/kernels/gain.ts";
import { tanhError } from "../../compute/kernels/gain-error.ts";
import { elementwiseGain } from "../elementwise-gain.ts";
import { defineNeuron } from "../neuron.ts";

/** rate = tanh(drive). */
export const tanh = defineNeuron({
  kind: "tanh",
  summary: "rate = tanh(drive)",
  build: (_settings, population) => elementwiseGain(population, rate, tanhError),
});
