import { observedName } from "../../../circuits/observation.ts";
import type { MapSize } from "../../../compute/kernels/window.ts";
import { sceneContext } from "../../../tasks/scenes/scene-trials.ts";
import type { AttentionParts } from "./attention-parts.ts";
import type { ObservedScenes } from "./observe-glimpses.ts";

/** One glimpse at a scene. */
export interface SceneGlimpse {
  /** Whether an object was left to be chosen. */
  readonly asked: boolean;
  /** The object that the glimpse chose of those that were left, and its class. */
  readonly chosen: number;
  readonly label: number;
  /** The object that the gated scene is nearest to, whether chosen before or not. */
  readonly nearest: number;
  /** Class reported at the end of each time step. */
  readonly reported: readonly number[];
  /** The gated scene, [units]. */
  readonly gated: Float32Array;
  /** Attention that gated it, mean over channels, [pixels]; 0 where there is none. */
  readonly attention: Float32Array;
  /** Where return is inhibited after the glimpse: share of channels, [pixels]. */
  readonly inhibition?: Float32Array;
  /** Rates of the filtered map of each stage at the last time step, of vector units their lengths, [units]. */
  readonly filtered: readonly Float32Array[];
}

/** One scene with every glimpse at it. */
export interface SceneGlimpses {
  readonly map: MapSize;
  /** The scene as it was shown, [units]. */
  readonly scene: Float32Array;
  /** Objects that it has. */
  readonly present: readonly number[];
  /** Class of each object. */
  readonly labels: Float32Array;
  /** For each object, 1 at its pixels and 0 elsewhere, [pixels]. */
  readonly pixels: readonly Uint8Array[];
  readonly glimpses: readonly SceneGlimpse[];
}

/** The scenes of a batch, one after the other. */
export function* scenesOf({ shown, glimpses }: ObservedScenes, parts: AttentionParts): Generator<SceneGlimpses> {
  const { map, units } = parts.scene;
  const batch = shown.weights.length;
  const rowOf = (values: Float32Array, sample: number) =>
    values.subarray((sample * values.length) / batch, ((sample + 1) * values.length) / batch);
  for (let sample = 0; sample < shown.count; sample++) {
    const scene = rowOf(shown.stimuli[0]![0]!, sample);
    const labels = rowOf(shown.context[sceneContext.labels]!, sample);
    const there = rowOf(shown.context[sceneContext.present]!, sample);
    const alone = rowOf(shown.context[sceneContext.objects]!, sample);
    const objects = Array.from(there, (_, object) => alone.subarray(object * units, (object + 1) * units));
    const present = [...there.keys()].filter((object) => there[object] === 1);
    yield {
      map,
      scene,
      present,
      labels,
      pixels: objects.map((object) => pixelsOf(object, map.channels)),
      glimpses: glimpses.map((results) => {
        const row = (name: string) => rowOf(results[name]!, sample);
        const attention = parts.attention && meanOverChannels(row(observedName(parts.attention)), map.channels);
        const inhibition = parts.inhibition && meanOverChannels(row(parts.inhibition), map.channels);
        const gated = row("gated");
        return {
          asked: row("asked")[0] === 1,
          chosen: indexOfLargest(row("chosen")),
          label: row("label")[0]!,
          nearest: nearestObject(scene, gated, objects, present, parts.strength),
          reported: parts.reports.map((each) => indexOfLargest(row(observedName(each)))),
          gated,
          attention: attention ?? new Float32Array(map.height * map.width),
          ...(inhibition ? { inhibition } : {}),
          filtered: parts.filtered.map((each, stage) =>
            lengthsOf(row(observedName(each)), parts.stages[stage]!.filtered.units),
          ),
        };
      }),
    };
  }
}

/** 1 at pixels where an object has a value in any channel. */
function pixelsOf(object: Float32Array, channels: number): Uint8Array {
  const pixels = new Uint8Array(object.length / channels);
  for (let unit = 0; unit < object.length; unit++) if (object[unit]! > 0) pixels[Math.floor(unit / channels)] = 1;
  return pixels;
}

/** Lengths of the rates of units, [dimension, units]; a scalar rate, which may be negative, stays as it is. */
function lengthsOf(rates: Float32Array, units: number): Float32Array {
  if (rates.length === units) return rates;
  const squares = new Float64Array(units);
  for (let at = 0; at < rates.length; at++) squares[at % units]! += rates[at]! ** 2;
  return Float32Array.from(squares, Math.sqrt);
}

function meanOverChannels(values: Float32Array, channels: number): Float32Array {
  const means = new Float32Array(values.length / channels);
  for (let unit = 0; unit < values.length; unit++) means[Math.floor(unit / channels)]! += values[unit]! / channels;
  return means;
}

/**
 * The object o of those present whose image of attention (1 - s) x + s o is nearest to the gated scene, the first of equally near
 * ones: how `attendedObject` chooses, of all objects. Without gating the scene itself is compared with each object.
 */
function nearestObject(
  scene: Float32Array,
  gated: Float32Array,
  objects: readonly Float32Array[],
  present: readonly number[],
  strength: number,
): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const object of present) {
    const alone = objects[object]!;
    let distance = 0;
    for (let unit = 0; unit < scene.length; unit++) {
      const shown = strength === 0 ? scene[unit]! : (gated[unit]! - (1 - strength) * scene[unit]!) / strength;
      distance += (shown - alone[unit]!) ** 2;
    }
    if (distance < least) [best, least] = [object, distance];
  }
  return best;
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}
