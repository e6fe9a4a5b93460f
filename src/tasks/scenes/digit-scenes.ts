import * as z from "zod";
import { type RandomStream, randomStream } from "../../compute/random.ts";
import { timeStepCount } from "../../kinds/counts.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { DataSet } from "../data-set.ts";
import { loadDigits } from "../images/digits.ts";
import type { LabelledImages } from "../images/images.ts";
import { labelledImagesSettings } from "../images/labelled-images-task.ts";
import { splitTraining } from "../split.ts";
import { defineTask, type Task } from "../task.ts";
import type { TrialSet } from "../trials.ts";
import { addObject, type Scene, sceneTrials } from "./scene-trials.ts";

const settings = z.strictObject({
  // Limits count scenes, as many as there are images by default: each image begins one.
  ...labelledImagesSettings,
  /** Digits of a scene. */
  digits: z.int().min(1).default(2),
  /** Pixels without a digit are uniform between 0 and this. */
  noise: z.number().min(0).max(1).default(0.3),
  /** Whether a digit may come twice in a scene. */
  equalDigits: z.boolean().default(true),
  /** Times that a batch is shown, one after the other; absent: as often as there are digits. */
  glimpses: timeStepCount.optional(),
});

type Settings = z.infer<typeof settings>;

/**
 * Scenes of n digits side by side, each at half a width from the one before it: x = min(1, sum of the digits), and uniform
 * noise where that is 0. With MNIST, 28 x (28 + 14 (n - 1)) pixels from 0 to 1.
 *
 * Training scene i begins with training image i; the digits beside it are drawn anew each time that it is shown, and so is the
 * noise. Test and validation scenes have the same digits whenever the seed is the same.
 *
 * Source: Lei, Benjamin and Kording, Object-based attention through internal gating, arXiv 2106.04540, 2021.
 *
 * Settings: folder of the data (default MNIST), digits (2), noise (0.3), equalDigits (true), glimpses (as many as digits),
 * scenes for validation (0), scenes for training and test (as many as there are images).
 */
export const digitScenes = defineTask({
  kind: "digit-scenes",
  summary: "name handwritten digits that overlap side by side, one a glimpse",
  settings,
  build: async (given, { seed, sources }) =>
    digitScenesOf(await loadDigits({ directory: given.data, sources }), given, seed),
});

/**
 * Scenes out of a data set of images in grey levels.
 *
 * @param seed decides which images are set aside, and the digits of test and validation scenes
 * @throws UsageError where more scenes are asked for than there are images, or more different digits than there are classes
 */
export function digitScenesOf(loaded: DataSet, settings: Settings, seed: number): Task {
  const divided = splitTraining(loaded.training, { seed, validation: settings.validation });
  const [{ count: images }, { count: testImages }] = [divided.training, loaded.test];
  const { limit = images, testLimit = testImages, digits } = settings;
  checkScenes("limit", limit, `${images} training images that are not set aside`, images);
  checkScenes("testLimit", testLimit, `${testImages} test images`, testImages);
  const fixed = (name: string, of: LabelledImages, count: number) => {
    if (count > 0) checkClasses(name, of, settings);
    return scenesOf(name, of, settings, count, fixedPartners(of, settings, randomStream(seed, `partners/${name}`)));
  };
  checkClasses("training scenes", divided.training, settings);
  return {
    name: "digit-scenes",
    classes: loaded.training.classes,
    classNames: loaded.classNames,
    presentations: settings.glimpses ?? digits,
    training: scenesOf("training scenes", divided.training, settings, limit, (trial, random) =>
      drawPartners(divided.training, trial, settings, random),
    ),
    validation: fixed("validation scenes", divided.validation, settings.validation),
    test: fixed("test scenes", loaded.test, testLimit),
  };
}

function checkScenes(field: string, asked: number, what: string, available: number): void {
  if (asked <= available) return;
  throw new UsageError(
    `Task digit-scenes: ${field} is ${asked} and there are ${what}, each of which begins one scene; lower it or leave ` +
      "it out",
  );
}

/** The images beside the first one of a scene. */
type Partners = (trial: number, random: RandomStream) => ArrayLike<number>;

function scenesOf(
  name: string,
  images: LabelledImages,
  settings: Settings,
  count: number,
  partners: Partners,
): TrialSet {
  const { digits, noise } = settings;
  const { height, width: side } = images;
  const width = side + Math.floor(side / 2) * (digits - 1);
  return sceneTrials(name, count, { height, width, channels: 1, objects: digits }, (scene, trial, random) => {
    const beside = partners(trial, random);
    for (let digit = 0; digit < digits; digit++) {
      placeDigit(scene, digit, images, digit === 0 ? trial : beside[digit - 1]!, width);
    }
    addNoise(scene.pixels, noise, random);
  });
}

/** Adds image `index` to a scene as its digit in order, and clamps the scene. */
function placeDigit(scene: Scene, digit: number, images: LabelledImages, index: number, width: number): void {
  const { height, width: side, pixels, labels } = images;
  const left = Math.floor(side / 2) * digit;
  const alone = scene.objects[digit]!;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < side; column++) {
      const value = pixels[(index * height + row) * side + column]! / 255;
      const unit = row * width + left + column;
      alone[unit] = value;
      scene.pixels[unit] = Math.min(1, scene.pixels[unit]! + value);
    }
  }
  addObject(scene, digit, labels[index]!);
}

function addNoise(pixels: Float32Array, noise: number, random: RandomStream): void {
  if (noise === 0) return;
  for (let unit = 0; unit < pixels.length; unit++) {
    if (pixels[unit] === 0) pixels[unit] = noise * random.uniform();
  }
}

/** Images beside one, drawn independently of each other, or anew until the digit is none of those before. */
function drawPartners(
  { count, labels }: LabelledImages,
  first: number,
  { digits, equalDigits }: Settings,
  random: RandomStream,
): number[] {
  const chosen = [first];
  while (chosen.length < digits) {
    const index = random.integer(0, count - 1);
    if (equalDigits || chosen.every((other) => labels[other] !== labels[index])) chosen.push(index);
  }
  return chosen.slice(1);
}

/** Partners of every image, drawn once. A set that is cut short keeps the partners of the scenes that are left. */
function fixedPartners(images: LabelledImages, settings: Settings, random: RandomStream): Partners {
  const beside = settings.digits - 1;
  const drawn = new Uint32Array(images.count * beside);
  for (let image = 0; image < images.count; image++) {
    drawn.set(drawPartners(images, image, settings, random), image * beside);
  }
  return (trial) => drawn.subarray(trial * beside, (trial + 1) * beside);
}

function checkClasses(name: string, { labels }: LabelledImages, { digits, equalDigits }: Settings): void {
  const found = new Set(labels).size;
  if (equalDigits || found >= digits) return;
  throw new UsageError(
    `Task digit-scenes: digits is ${digits} and the images of the ${name} show ${found} different ones; lower it, or let ` +
      "equalDigits be true",
  );
}
