import { standardiseRun } from "../stimuli.ts";
import { classTarget } from "../targets.ts";
import type { TrialSet } from "../trials.ts";
import type { LabelledImages } from "./images.ts";

/** Trials that show one standardised image each and ask for its class. */
export function imageTrials(images: LabelledImages): TrialSet {
  const { name, count, pixels, labels, height, width, channels } = images;
  const units = height * width * channels;
  return {
    name,
    count,
    shape: {
      streams: [{ name: "image", height, width, channels, steps: 1 }],
      targets: [classTarget(images.classes)],
      context: {},
      factors: [],
    },
    fill(batch, trials) {
      const [stimuli] = batch.stimuli[0]!;
      for (let sample = 0; sample < trials.length; sample++) {
        standardiseRun({ pixels, from: trials[sample]! * units, count: units }, stimuli!, sample * units);
        batch.targets[0]!.values[0]![sample] = labels[trials[sample]!]!;
      }
    },
  };
}
