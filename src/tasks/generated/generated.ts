import * as z from "zod";
import { type RandomStream, randomStream } from "../../compute/random.ts";
import { stimulusCount, stimulusCountOrNone } from "../../kinds/counts.ts";
import { DataError, DescriptionError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { TargetShape } from "../targets.ts";
import type { Task, TaskContext } from "../task.ts";
import type { Batch, Stream, TrialSet, TrialShape } from "../trials.ts";
import { type TrialValues, writeLabels, writeValues } from "./trial-values.ts";

/** The setting of a generated task that says how many trials there are. */
export const trialCounts = z
  .strictObject({
    /** Training trials: as many, the same ones in every epoch in another order, or new ones for ever. */
    training: z.union([stimulusCount, z.literal("endless")]).default("endless"),
    /** Trials of an epoch where training is endless. */
    epoch: stimulusCount.default(1000),
    /** Validation trials, always the same ones. */
    validation: stimulusCountOrNone.default(0),
    /** Test trials, always the same ones. */
    test: stimulusCount.default(1000),
  })
  .prefault({});

/** Stimuli of one input: rates of units, or of the pixels of a map. */
export type GeneratedStream = (
  | { readonly units: number }
  | { readonly height: number; readonly width: number; readonly channels?: number }
) & {
  /** Time steps that have stimuli of their own; default 1: the same stimulus stays throughout. */
  readonly steps?: number;
};

/** What is to be reported: one of several classes, or values of units. */
export type GeneratedTarget = ({ readonly classes: readonly string[] } | { readonly units: number }) & {
  /** Time steps that have a target of their own; default 1: one target for the whole trial. */
  readonly steps?: number;
  /** What has a weight of its own in the loss and in every metric, which each trial gives as its mask; absent: all count 1. */
  readonly mask?: "trial" | "steps" | "units" | "steps and units";
};

/** One trial, everything by name. */
export interface GeneratedTrial {
  /** Rates: [units], or [steps][units] where they change. */
  readonly stimuli: Readonly<Record<string, TrialValues>>;
  /** A class by its name or label, or values [units]; one a step, [steps] or [steps][units], where the target changes. */
  readonly targets: Readonly<Record<string, TrialValues | string | readonly string[]>>;
  /** Weights from 0 on, of the targets that have a mask: one number, [steps], [units] or [steps][units]. */
  readonly masks?: Readonly<Record<string, TrialValues>>;
  /** What recordings and figures ask of the trial. */
  readonly factors?: Readonly<Record<string, number>>;
}

/** A task that makes its trials. */
export interface GeneratedTask {
  readonly streams: Readonly<Record<string, GeneratedStream>>;
  readonly targets: Readonly<Record<string, GeneratedTarget>>;
  /** Names of the factors that every trial gives; default: none. */
  readonly factors?: readonly string[];
  readonly trials: z.output<typeof trialCounts>;
  /**
   * Makes a trial from random numbers alone, so that it is the same whenever its place comes.
   *
   * @param random stream of this trial; nothing else draws from it
   * @param place number of the trial in its set, from 0 on; where training is endless it goes on from epoch to epoch
   */
  trial(random: RandomStream, place: number): GeneratedTrial;
}

/**
 * A task whose trials are made by a function instead of read. Trial i of a set is drawn from the stream "task/SET/i" of the run's seed,
 * SET being training, validation or test: it depends on neither batches nor on what was drawn before, so that a run that is
 * resumed sees the trials that it would have seen.
 *
 * ```ts
 * build: ({ noise, trials }, context) =>
 *   generated(context, {
 *     streams: { evidence: { units: 2, steps: 10 } },
 *     targets: { choice: { classes: ["left", "right"] } },
 *     trials,
 *     trial(random) {
 *       const right = random.integer(0, 1);
 *       const evidence = Array.from({ length: 10 }, () => [1 - right, right].map((rate) => rate + noise * random.normal()));
 *       return { stimuli: { evidence }, targets: { choice: right } };
 *     },
 *   }),
 * ```
 *
 * @param context what `build` is given
 * @throws DescriptionError where streams and targets do not fit together; DataError, when a trial is shown, where the function
 *   gives anything but what streams, targets and factors say, naming trial, step and unit
 */
export function generated(context: TaskContext, task: GeneratedTask): Task {
  const { trials } = task;
  const shape = shapeOf(context.name, task);
  const endless = trials.training === "endless";
  const set = (of: "training" | "validation" | "test", count: number) =>
    generatedTrials(context, task, shape, of, count);
  const classNames = classNamesOf(context.name, task);
  return {
    name: context.name,
    classes: classNames.length,
    classNames,
    presentations: 1,
    training: { ...set("training", endless ? trials.epoch : (trials.training as number)), endless },
    validation: set("validation", trials.validation),
    test: set("test", trials.test),
  };
}

function shapeOf(name: string, { streams, targets, factors = [] }: GeneratedTask): TrialShape {
  if (Object.keys(streams).length === 0)
    throw new DescriptionError(`task "${name}" has no streams; give it at least one`);
  const lengths = [...Object.entries(streams), ...Object.entries(targets)].map(
    ([own, { steps = 1 }]): [string, number] => [own, steps],
  );
  const steps = Math.max(...lengths.map(([, length]) => length));
  const odd = lengths.find(([, length]) => length !== 1 && length !== steps);
  if (odd)
    throw new DescriptionError(
      `task "${name}": ${shown(odd[0])} has ${odd[1]} time steps and others have ${steps}; give all as many, or 1`,
    );
  for (const [own, sizes] of [...Object.entries(streams), ...Object.entries(targets)])
    for (const [field, size] of Object.entries(sizes))
      if (typeof size === "number" && !(Number.isInteger(size) && size >= 1))
        throw new DescriptionError(`task "${name}": ${own}.${field} is ${size}; expected a whole number from 1 on`);
  return {
    streams: Object.entries(streams).map(([own, stream]): Stream => {
      const map = "units" in stream ? { height: 1, width: stream.units, channels: 1 } : { channels: 1, ...stream };
      return { ...map, name: own, steps: stream.steps ?? 1 };
    }),
    targets: Object.entries(targets).map(([own, target]): TargetShape => {
      const { mask } = target;
      const units = "units" in target ? target.units : 1;
      const weights = mask && {
        steps: mask.includes("steps") ? steps : 1,
        units: mask.includes("units") ? units : 1,
      };
      const common = { name: own, steps: target.steps ?? 1, ...(weights && { weights }) };
      return "units" in target
        ? { kind: "values", units, ...common }
        : { kind: "class", classes: target.classes.length, ...common };
    }),
    context: {},
    factors,
  };
}

/** Names of the classes, which all targets of a task share. */
function classNamesOf(name: string, { targets }: GeneratedTask): readonly string[] {
  const lists = Object.values(targets).flatMap((target) => ("classes" in target ? [target.classes] : []));
  const [first = []] = lists;
  const other = lists.find((list) => list.length !== first.length || list.some((each, label) => each !== first[label]));
  if (other)
    throw new DescriptionError(
      `task "${name}": its targets have the classes ${first.join(", ")} and ${other.join(", ")}; give all the same`,
    );
  return first;
}

function generatedTrials(
  { name, seed }: TaskContext,
  { targets, trial: make }: GeneratedTask,
  shape: TrialShape,
  set: string,
  count: number,
): TrialSet {
  const { streams, factors } = shape;
  return {
    name: `${set} trials`,
    count,
    shape,
    fill(batch: Batch, trials) {
      const samples = batch.trials.length;
      for (let sample = 0; sample < trials.length; sample++) {
        const place = trials[sample]!;
        const where = (part: string) => `task "${name}", ${set} trial ${place}: ${part}`;
        const made: unknown = make(randomStream(seed, `task/${set}/${place}`), place);
        if (typeof made !== "object" || made === null || made instanceof Promise)
          throw new DataError(
            where(
              `it is ${made instanceof Promise ? "a promise" : shown(made)}; expected an object with stimuli and targets`,
            ),
          );
        const { stimuli, targets: answers, masks, factors: told } = made as GeneratedTrial;
        const at = { sample, samples };
        for (const [index, stream] of streams.entries())
          writeValues(where(`stimuli.${stream.name}`), stimuli?.[stream.name], batch.stimuli[index]!, at);
        for (const [index, target] of shape.targets.entries()) {
          const { values, weights } = batch.targets[index]!;
          const kind = targets[target.name]!;
          const own = `targets.${target.name}`;
          if ("classes" in kind) writeLabels(where(own), answers?.[target.name], kind.classes, values, at);
          else writeValues(where(own), answers?.[target.name], values, at);
          if (weights) writeValues(where(`masks.${target.name}`), masks?.[target.name], weights, { ...at, least: 0 });
        }
        for (const factor of factors)
          writeValues(where(`factors.${factor}`), told?.[factor], [batch.factors[factor]!], at);
      }
    },
  };
}
