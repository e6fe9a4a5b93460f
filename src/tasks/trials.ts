import type { RandomStream } from "../compute/random.ts";
import { allocateTarget, type BatchTarget, type TargetShape } from "./targets.ts";

/** Stimuli that a task shows side by side with others, such as one of two digits; each goes to an input of the circuit. */
export interface Stream {
  /** What is shown, as messages call it: "image", "digit 1". */
  readonly name: string;
  /** Pixels are units of a map, ordered by row, column, channel. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Time steps that have stimuli of their own; 1 where the same stimulus stays throughout. */
  readonly steps: number;
}

/** What one step of training or evaluation is fed. Shapes are those of the plan, so a short batch is padded. */
export interface Batch {
  /** By stream, then by time step, rates of the input units, [batch, units] each; padding is 0. */
  readonly stimuli: readonly (readonly Float32Array[])[];
  /** What is to be reported, target by target. */
  readonly targets: readonly BatchTarget[];
  /** Share of each sample in the batch's mean, [batch]: 1 / count, 0 for padding. */
  readonly weights: Float32Array;
  /** What else the task's objective needs, by its name; one row for each sample, row-major. */
  readonly context: Readonly<Record<string, Float32Array>>;
  /** What analyses ask of each sample and no circuit sees, such as the digits of a pair, by name, [batch] each. */
  readonly factors: Readonly<Record<string, Float32Array>>;
  /** Samples that are not padding; they come first. */
  count: number;
  /** Place of each sample in its set, [batch]; of padding, any. */
  readonly trials: Uint32Array;
  /**
   * Names the occasion on which the trials are shown: their set, and in training also the epoch. Each trial is shown
   * once on it, so that round and trial together name the random streams of a sample.
   */
  round: string;
}

/** The random stream of a sample; every call begins it anew. */
type SampleRandom = (sample: number) => RandomStream;

/** Sizes of what a batch holds, so that batches can be allocated and plans traced. */
export interface TrialShape {
  readonly streams: readonly Stream[];
  /** What a trial asks to be reported at once; none where an objective finds its targets in the context. */
  readonly targets: readonly TargetShape[];
  /** Values of each sample, by the name under which `Batch.context` gives them. */
  readonly context: Readonly<Record<string, number>>;
  /** Names under which `Batch.factors` tells what a trial was made of. */
  readonly factors: readonly string[];
}

/** Trials that can be shown in any order. */
export interface TrialSet {
  /** What the set is called in messages, such as "training digits". */
  readonly name: string;
  /** Trials there are; of an endless set, those of an epoch. */
  readonly count: number;
  /**
   * Whether training goes on to new trials from epoch to epoch: their places go on beyond `count`, which no other set allows.
   * Absent: each epoch has the same trials.
   */
  readonly endless?: boolean;
  readonly shape: TrialShape;
  /**
   * Writes trials over the first samples of a batch: stimuli, targets with their weights, context and factors. All else is
   * written by who composes the batch.
   *
   * @param trials places in the set, integers from 0 to count - 1, at most as many as the batch has samples
   * @param randomOf the stream that decides all that is not fixed by a sample's trial, such as noise; it is the same
   *   whenever the trial is shown in the same round, whatever else the batch holds
   */
  fill(batch: Batch, trials: ArrayLike<number>, randomOf: SampleRandom): void;
}

/** Pixels of one stimulus: the number of input units that it drives. */
export const unitsOfStream = ({ height, width, channels }: Stream): number => height * width * channels;

/** An empty batch, to be filled again and again. */
export function allocateBatch({ streams, targets, context, factors }: TrialShape, batch: number): Batch {
  const column = () => new Float32Array(batch);
  return {
    stimuli: streams.map((stream) =>
      Array.from({ length: stream.steps }, () => new Float32Array(batch * unitsOfStream(stream))),
    ),
    targets: targets.map((target) => allocateTarget(target, batch)),
    weights: column(),
    context: Object.fromEntries(Object.entries(context).map(([name, size]) => [name, new Float32Array(batch * size)])),
    factors: Object.fromEntries(factors.map((name) => [name, column()])),
    count: 0,
    trials: new Uint32Array(batch),
    round: "",
  };
}
