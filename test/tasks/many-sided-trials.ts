import fc from "fast-check";
import { type TrialSet, unitsOfStream } from "../../src/tasks/trials.ts";
import { counts } from "./images/images.ts";

const few = fc.integer({ min: 1, max: 3 });
const stream = fc.record({ height: few, width: few, channels: few, steps: few });

/**
 * Sets of trials with any number of streams, time steps, targets and context values. Every value tells which trial it belongs
 * to and where it stands, and none is 0; the factor "chance" is drawn.
 */
export const manySidedTrials: fc.Arbitrary<TrialSet> = fc
  .record({ count: counts, streams: fc.array(stream, { minLength: 1, maxLength: 3 }), targets: few, context: few })
  .map(({ count, streams, targets, context }) => ({
    name: "many-sided trials",
    count,
    shape: {
      streams: streams.map((each, index) => ({ ...each, name: `stream ${index}` })),
      targets,
      context: { scene: context },
      factors: ["trial", "chance"],
    },
    fill(batch, trials, randomOf) {
      Array.from(trials).forEach((trial, sample) => {
        batch.stimuli.forEach((steps, index) => {
          const units = unitsOfStream(this.shape.streams[index]!);
          steps.forEach((stimuli, step) => {
            for (let unit = 0; unit < units; unit++)
              stimuli[sample * units + unit] = stimulusOf(trial, index, step, unit);
          });
        });
        batch.labels.forEach((labels, target) => {
          labels[sample] = labelOf(trial, target);
        });
        for (let value = 0; value < context; value++)
          batch.context.scene![sample * context + value] = contextOf(trial, value);
        batch.factors.trial![sample] = trial + 1;
        batch.factors.chance![sample] = 1 + randomOf(sample).integer(0, 1_000_000);
      });
    },
  }));

/** What a set of `manySidedTrials` shows and asks; small integers, so that float32 holds them. */
export const stimulusOf = (trial: number, stream: number, step: number, unit: number): number =>
  1 + trial + 1000 * (stream + 3 * (step + 3 * unit));
export const labelOf = (trial: number, target: number): number => 1 + trial + 1000 * target;
export const contextOf = (trial: number, value: number): number => 1 + trial + 2000 * value;
