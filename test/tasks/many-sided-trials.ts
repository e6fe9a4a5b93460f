import fc from "fast-check";
import type { TargetShape } from "../../src/tasks/targets.ts";
import { type TrialSet, unitsOfStream } from "../../src/tasks/trials.ts";
import { counts } from "./images/images.ts";

const few = fc.integer({ min: 1, max: 3 });
const stream = fc.record({ height: few, width: few, channels: few, steps: few });

/** Classes or values, once or over time, with weights or without. */
const target: fc.Arbitrary<TargetShape> = fc
  .record({
    units: few,
    steps: few,
    named: fc.boolean(),
    weights: fc.option(fc.record({ steps: few, each: fc.boolean() })),
  })
  .map(({ units, steps, named, weights }) => ({
    name: "target",
    steps,
    ...(named ? { kind: "class", classes: 10 } : { kind: "values", units }),
    ...(weights && { weights: { steps: weights.steps, units: weights.each && !named ? units : 1 } }),
  }));

/**
 * Sets of trials with any number of streams, time steps, targets and context values. Every value tells which trial it belongs
 * to and where it stands, and none is 0; the factor "chance" is drawn.
 */
export const manySidedTrials: fc.Arbitrary<TrialSet> = fc
  .record({
    count: counts,
    streams: fc.array(stream, { minLength: 1, maxLength: 3 }),
    targets: fc.array(target, { maxLength: 3 }),
    context: few,
  })
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
        const write = (columns: readonly Float32Array[], made: (step: number, unit: number) => number) =>
          columns.forEach((column, step) => {
            const units = column.length / batch.weights.length;
            for (let unit = 0; unit < units; unit++) column[sample * units + unit] = made(step, unit);
          });
        batch.targets.forEach(({ values, weights = [] }, index) => {
          write(values, (step, unit) => targetOf(trial, index, step, unit));
          write(weights, (step, unit) => weightOf(trial, index, step, unit));
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
export const targetOf = (trial: number, target: number, step: number, unit: number): number =>
  2 + trial + 1000 * (target + 3 * (step + 3 * unit));
export const weightOf = (trial: number, target: number, step: number, unit: number): number =>
  1 + targetOf(trial, target, step, unit);
export const contextOf = (trial: number, value: number): number => 1 + trial + 2000 * value;
