import type { RandomStream } from "../../compute/random.ts";
import type { TrialSet } from "../trials.ts";

/**
 * Names under which `Batch.context` tells what a scene is made of, a row per sample; n objects, units = pixels of the scene.
 *
 * objects [n, units]: each object alone at its place on black, in the scale of the scene; labels [n]: its class; weights [n]:
 * the class weight of its label, 1 where classes are not weighted; present [n]: 1, or 0 where the scene has fewer objects, and
 * then the object's pixels, label and weight are 0.
 */
export const sceneContext = {
  objects: "objects",
  labels: "objectLabels",
  weights: "objectWeights",
  present: "present",
} as const;

/** The factor that tells the label of an object, counted from 0; -1 where the scene does not have it. */
const objectFactor = (object: number): string => `object ${object + 1}`;

/** Of a set of scenes. */
export interface SceneSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Objects of a scene at most. */
  readonly objects: number;
}

/** One scene to be written, all 0 at first: views of a batch. */
export interface Scene {
  /** Pixel values from 0 to 1, [units]. */
  readonly pixels: Float32Array;
  /** As `sceneContext` says, by object. */
  readonly objects: readonly Float32Array[];
  readonly labels: Float32Array;
  readonly weights: Float32Array;
  readonly present: Float32Array;
}

/**
 * Trials that show a scene of several objects, pixel values from 0 to 1 that are not standardised. What is to be reported
 * depends on the object attended to, so a trial has no target of its own: its objective reads the context.
 *
 * @param compose writes a scene; `random` is the stream of the batch, for what is not fixed by the trial
 */
export function sceneTrials(
  name: string,
  count: number,
  { height, width, channels, objects }: SceneSize,
  compose: (scene: Scene, trial: number, random: RandomStream) => void,
): TrialSet {
  const units = height * width * channels;
  const places = Array.from({ length: objects }, (_, object) => object);
  return {
    name,
    count,
    shape: {
      streams: [{ name: "scene", height, width, channels, steps: 1 }],
      targets: [],
      context: {
        [sceneContext.objects]: objects * units,
        [sceneContext.labels]: objects,
        [sceneContext.weights]: objects,
        [sceneContext.present]: objects,
      },
      factors: places.map(objectFactor),
    },
    fill({ stimuli, context, factors }, trials, randomOf) {
      for (let sample = 0; sample < trials.length; sample++) {
        const row = (values: Float32Array, size: number) => values.subarray(sample * size, (sample + 1) * size).fill(0);
        const alone = row(context[sceneContext.objects]!, objects * units);
        const scene = {
          pixels: row(stimuli[0]![0]!, units),
          objects: places.map((object) => alone.subarray(object * units, (object + 1) * units)),
          labels: row(context[sceneContext.labels]!, objects),
          weights: row(context[sceneContext.weights]!, objects),
          present: row(context[sceneContext.present]!, objects),
        };
        compose(scene, trials[sample]!, randomOf(sample));
        for (const object of places) {
          factors[objectFactor(object)]![sample] = scene.present[object] === 1 ? scene.labels[object]! : -1;
        }
      }
    },
  };
}

/** Says that a scene has an object of this class; its pixels are written by the caller. */
export function addObject(scene: Scene, object: number, label: number, weight = 1): void {
  scene.labels[object] = label;
  scene.weights[object] = weight;
  scene.present[object] = 1;
}
