import { randomStream } from "../../../src/compute/random.ts";
import { sceneContext } from "../../../src/tasks/scenes/scene-trials.ts";
import { allocateBatch, type Batch, type TrialSet, unitsOfStream } from "../../../src/tasks/trials.ts";

/** One scene as its task shows it. */
export interface ShownScene {
  readonly pixels: Float32Array;
  readonly objects: readonly Float32Array[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly present: readonly number[];
  /** By object, as analyses are told. */
  readonly factors: readonly number[];
}

/** Scenes of a set as they are shown at one moment of a run. */
export function show(trials: TrialSet, places: readonly number[], moment = "moment"): ShownScene[] {
  const batch = allocateBatch(trials.shape, places.length);
  // What a batch held before must not show through.
  for (const values of [batch.stimuli[0]![0]!, ...Object.values(batch.context)]) values.fill(7);
  trials.fill(batch, places, (sample) => randomStream(1, `${moment}/${places[sample]}`));
  return scenesOf(trials, batch);
}

/** The scenes of a batch, padding included. */
export function scenesOf(trials: TrialSet, { stimuli, context, factors }: Batch): ShownScene[] {
  const units = unitsOfStream(trials.shape.streams[0]!);
  const count = stimuli[0]![0]!.length / units;
  const objects = trials.shape.context[sceneContext.labels]!;
  return Array.from({ length: count }, (_, sample) => {
    const row = (name: string) => [...context[name]!.subarray(sample * objects, (sample + 1) * objects)];
    return {
      pixels: stimuli[0]![0]!.subarray(sample * units, (sample + 1) * units),
      objects: Array.from({ length: objects }, (_, object) => {
        const start = (sample * objects + object) * units;
        return context[sceneContext.objects]!.subarray(start, start + units);
      }),
      labels: row(sceneContext.labels),
      weights: row(sceneContext.weights),
      present: row(sceneContext.present),
      factors: trials.shape.factors.map((name) => factors[name]![sample]!),
    };
  });
}

/** The places of a set, in order. */
export const placesOf = ({ count }: TrialSet): number[] => Array.from({ length: count }, (_, place) => place);
