import type { TargetShape } from "../targets.ts";
import type { Stream, TrialSet } from "../trials.ts";

/** Trials in arrays, row-major, the first axis of each counts trials. */
export interface TrialArrays {
  /** Trials that there are. */
  readonly count: number;
  /** Rates of the input units, [trials, steps, units]. */
  readonly streams: readonly { readonly stream: Stream; readonly values: Float32Array }[];
  /** Labels [trials, steps] or values [trials, steps, units], and how much each counts. */
  readonly targets: readonly {
    readonly shape: TargetShape;
    readonly values: Float32Array;
    /** As `shape.weights` says, [trials, steps, units]. */
    readonly weights?: Float32Array;
  }[];
  /** What analyses ask of each trial, by name, [trials]. */
  readonly factors: ReadonlyMap<string, Float32Array>;
}

/**
 * A set of trials in arrays.
 *
 * @param places which ones, in the order of the set
 */
export function arrayTrials(
  name: string,
  { streams, targets, factors }: TrialArrays,
  places: ArrayLike<number>,
): TrialSet {
  return {
    name,
    count: places.length,
    shape: {
      streams: streams.map(({ stream }) => stream),
      targets: targets.map(({ shape }) => shape),
      context: {},
      factors: [...factors.keys()],
    },
    fill(batch, trials) {
      const samples = batch.trials.length;
      for (let sample = 0; sample < trials.length; sample++) {
        const place = places[trials[sample]!]!;
        const copy = (values: Float32Array, steps: readonly Float32Array[]) =>
          copyRows(values, place, steps, sample, samples);
        for (const [index, { values }] of streams.entries()) copy(values, batch.stimuli[index]!);
        for (const [index, { values, weights }] of targets.entries()) {
          copy(values, batch.targets[index]!.values);
          if (weights) copy(weights, batch.targets[index]!.weights!);
        }
        for (const [factor, values] of factors) batch.factors[factor]![sample] = values[place]!;
      }
    },
  };
}

/** Copies one trial's rows, [steps, width], each to its sample in the array of its step, [samples, width]. */
function copyRows(
  values: Float32Array,
  place: number,
  steps: readonly Float32Array[],
  sample: number,
  samples: number,
): void {
  for (const [step, row] of steps.entries()) {
    const width = row.length / samples;
    const from = (place * steps.length + step) * width;
    row.set(values.subarray(from, from + width), sample * width);
  }
}
