import { randomStream } from "../../../compute/random.ts";
import { addObject, type SceneSize, sceneContext, sceneTrials } from "../../../tasks/scenes/scene-trials.ts";
import { allocateBatch, type TrialSet } from "../../../tasks/trials.ts";

/** Scenes of a bar at one place and a digit at the next. */
export interface BarScenes {
  readonly trials: TrialSet;
  /** Orientation of a trial's bar, as its place among the angles. */
  angleOf(trial: number): number;
  /** Middle of its bar, pixels from the first pixel's middle. */
  middleOf(trial: number): { row: number; column: number };
}

/** What bars are shown among. */
interface BarSettings {
  /** Number of orientations, 180 / n degrees apart. */
  readonly angles: number;
  /** Digits that each bar is shown beside, one a scene. */
  readonly distractors: number;
  /** Largest value of the noise where nothing is. */
  readonly noise: number;
  readonly seed: number;
}

/** The object that is the bar, and the one that is the digit. */
export const barObject = 0;
const digitObject = 1;

/** Length of a bar, as long as a digit is high, and its width, pixels of a digit of 28. */
const barLength = 20 / 28;
const barWidth = 2 / 28;

/**
 * Scenes that show a bar of every orientation at the first place, with a digit of the task at the second place as distractor,
 * and the same the other way round: for each distractor in turn, 2 n scenes. The distractor and the noise behind both are the
 * same for all orientations. A bar's values fall from 1 to 0 within a pixel at its edge; 0 degrees is horizontal, angles
 * turn counter-clockwise.
 *
 * @param scenes scenes of at least two digits side by side, half a digit apart
 */
export function barScenes(scenes: TrialSet, { angles, distractors, noise, seed }: BarSettings): BarScenes {
  const { height: side, width, channels } = scenes.shape.streams[0]!;
  const objects = scenes.shape.context[sceneContext.labels]!;
  const size: SceneSize = { height: side, width, channels, objects };
  const units = side * width;
  const step = Math.floor(side / 2);
  const used = Math.min(distractors, scenes.count);
  const parts = (trial: number) => ({
    distractor: Math.floor(trial / (2 * angles)),
    place: Math.floor(trial / angles) % 2,
    angle: trial % angles,
  });
  const middle = (place: number) => ({ row: (side - 1) / 2, column: step * place + (side - 1) / 2 });

  const shown = allocateBatch(scenes.shape, used);
  const taken = Array.from({ length: used }, (_, index) => Math.floor((index * scenes.count) / used));
  scenes.fill(shown, taken, (sample) => randomStream(seed, `bars/distractor-${sample}`));
  const digitAt = (distractor: number, place: number) => {
    const start = (distractor * objects + place) * units;
    return shown.context[sceneContext.objects]!.subarray(start, start + units);
  };
  const labelAt = (distractor: number, place: number) =>
    shown.context[sceneContext.labels]![distractor * objects + place]!;

  const trials = sceneTrials("bars", 2 * angles * used, size, (scene, trial) => {
    const { distractor, place, angle } = parts(trial);
    paintBar(scene.objects[barObject]!, width, middle(place), (180 * angle) / angles, side);
    scene.objects[digitObject]!.set(digitAt(distractor, 1 - place));
    const random = randomStream(seed, `bars/noise-${distractor}-${place}`);
    for (let unit = 0; unit < units; unit++) {
      const value = scene.objects[barObject]![unit]! + scene.objects[digitObject]![unit]!;
      const background = noise * random.uniform();
      scene.pixels[unit] = value > 0 ? Math.min(1, value) : background;
    }
    addObject(scene, barObject, 0);
    addObject(scene, digitObject, labelAt(distractor, 1 - place));
  });
  return { trials, angleOf: (trial) => parts(trial).angle, middleOf: (trial) => middle(parts(trial).place) };
}

function paintBar(
  pixels: Float32Array,
  width: number,
  middle: { row: number; column: number },
  degrees: number,
  side: number,
): void {
  const radians = (degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
  const within = (distance: number, extent: number) => Math.min(1, Math.max(0, extent / 2 + 0.5 - Math.abs(distance)));
  for (let unit = 0; unit < pixels.length; unit++) {
    const x = (unit % width) - middle.column;
    const y = middle.row - Math.floor(unit / width);
    const along = within(x * cosine + y * sine, barLength * side);
    const across = within(y * cosine - x * sine, barWidth * side);
    pixels[unit] = along * across;
  }
}
