import type { Matrix } from "../../../analysis/matrix.ts";
import { classTarget } from "../../../tasks/targets.ts";
import type { TrialSet } from "../../../tasks/trials.ts";

/** Trials that show recorded states, a stream for each population, and ask for classes. */
export function stateTrials(
  name: string,
  states: readonly Matrix[],
  targets: readonly Float32Array[],
  classes: number,
): TrialSet {
  const count = states[0]!.shape[0];
  return {
    name,
    count,
    shape: {
      streams: states.map(({ shape: [, units] }, index) => ({
        name: `states ${index + 1}`,
        height: 1,
        width: 1,
        channels: units,
        steps: 1,
      })),
      targets: targets.map(() => classTarget(classes)),
      context: {},
      factors: [],
    },
    fill(batch, trials) {
      for (let sample = 0; sample < trials.length; sample++) {
        const trial = trials[sample]!;
        for (const [stream, { shape, data }] of states.entries()) {
          const units = shape[1];
          const target = batch.stimuli[stream]![0]!;
          for (let unit = 0; unit < units; unit++) target[sample * units + unit] = data[trial * units + unit]!;
        }
        for (const [index, labels] of targets.entries()) batch.targets[index]!.values[0]![sample] = labels[trial]!;
      }
    },
  };
}
