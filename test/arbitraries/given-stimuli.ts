import { stimuliName } from "../../src/circuits/network.ts";
import { labelsName } from "../../src/plasticity/objectives/target-inputs.ts";
import type { GivenStimuli } from "../../src/training/recording/given-trials.ts";
import type { RecurrentCase } from "./recurrent-cases.ts";

/** The batch of a case as stimuli that somebody gives, a trial for each sample, with labels. */
export function givenStimuli({ network, feeds }: RecurrentCase): GivenStimuli {
  const { inputs, reports } = network;
  return {
    stimuli: Object.fromEntries(
      inputs.map(({ name, steps }) => [
        name,
        steps === 1
          ? feeds[stimuliName(name)]!
          : Array.from({ length: steps }, (_, step) => feeds[stimuliName(name, step)]!),
      ]),
    ),
    labels: reports.map(({ index }) => feeds[labelsName(index)]!),
  };
}

/** The same case without noise on any drive. */
export const withoutNoise = (drawn: RecurrentCase): RecurrentCase => ({
  ...drawn,
  feeds: Object.fromEntries(
    Object.entries(drawn.feeds).map(([name, values]) => [
      name,
      name.startsWith("fluctuation/") ? new Float32Array(values.length) : values,
    ]),
  ),
});
