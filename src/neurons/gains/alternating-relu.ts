import { alternatingRelu as rate } from "../../compute/kernels/gain.ts";
import { alternatingReluError } from "../../compute/kernels/gain-error.ts";
import { elementwiseGain } from "../elementwise-gain.ts";
import { defineNeuron } from "../neuron.ts";

/** Even units (of a map: channels) pass drives <= 0, odd ones drives >= 0. Source: Clark, Abbott & Chung 2021. */
export const alternatingRelu = defineNeuron({
  kind: "alternating-relu",
  summary: "even units (of a map: channels) pass drive <= 0, odd ones drive >= 0",
  build: (_settings, population) => elementwiseGain(population, rate, alternatingReluError),
});
