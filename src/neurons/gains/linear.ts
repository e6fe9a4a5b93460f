import { defineNeuron } from "../neuron.ts";

/** rate = drive; errors pass as they come. */
export const linear = defineNeuron({
  kind: "linear",
  summary: "rate = drive",
  build: () => ({ activate: (drive) => ({ rates: drive, localise: (error) => error }) }),
});
