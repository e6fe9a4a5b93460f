import * as z from "zod";
import { randomStream } from "../../../compute/random.ts";
import { stimulusCount, stimulusCountOrNone, timeStepCount } from "../../../kinds/counts.ts";
import { defineTask, type Task } from "../../task.ts";
import type { TrialSet } from "../../trials.ts";
import { addObject, sceneTrials } from "../scene-trials.ts";
import { paintBackground } from "./background.ts";
import { objectClasses, paintObject, placeCircles } from "./objects.ts";

const settings = z.strictObject({
  /** Height and width in pixels. */
  size: z.int().min(24).max(4096).default(100),
  /** Objects of a scene. */
  objects: z.int().min(1).max(6).default(2),
  /** Classes of objects, the first ones. */
  classes: z.int().min(2).max(objectClasses.length).default(objectClasses.length),
  /** Strength of what is no object, from 0 (a gradient) to 1. */
  clutter: z.number().min(0).max(1).default(0.5),
  /** Scenes for validation. */
  validation: stimulusCountOrNone.default(0),
  /** Scenes for training. */
  limit: stimulusCount.default(20_000),
  /** Scenes for test. */
  testLimit: stimulusCount.default(2000),
  /** Times that a batch is shown, one after the other; absent: as often as there are objects. */
  glimpses: timeStepCount.optional(),
});

type Settings = z.infer<typeof settings>;

/**
 * Scenes like photographs, made from the seed alone: size x size x 3 pixels from 0 to 1, on which textured shapes that do not
 * overlap lie on a cluttered background. A class is a shape (disc, square, triangle, star) in a texture (striped, chequered,
 * dotted); colours, places, sizes and directions are random and tell nothing about it.
 *
 * Settings: size (default 100), objects (2), classes (12), clutter (0.5), glimpses (as many as objects), scenes for validation
 * (0), training (20,000) and test (2000).
 */
export const generatedScenes = defineTask({
  kind: "generated-scenes",
  summary: "name textured shapes on a cluttered background, one a glimpse, without any files",
  settings,
  build: (given, { seed }) => generatedScenesOf(given, seed),
});

function generatedScenesOf(settings: Settings, seed: number): Task {
  return {
    name: "generated-scenes",
    classes: settings.classes,
    classNames: objectClasses.slice(0, settings.classes),
    presentations: settings.glimpses ?? settings.objects,
    training: scenesOf("training scenes", settings.limit, settings, seed),
    validation: scenesOf("validation scenes", settings.validation, settings, seed),
    test: scenesOf("test scenes", settings.testLimit, settings, seed),
  };
}

/** Scenes that are painted whenever they are shown, each from a stream of its own: the same trial is always the same scene. */
function scenesOf(name: string, count: number, settings: Settings, seed: number): TrialSet {
  const { size, objects, classes, clutter } = settings;
  return sceneTrials(name, count, { height: size, width: size, channels: 3, objects }, (scene, trial) => {
    const random = randomStream(seed, `${name}/${trial}`);
    paintBackground(scene.pixels, size, clutter, random);
    placeCircles(objects, size, random).forEach((circle, object) => {
      const label = random.integer(0, classes - 1);
      paintObject(scene.pixels, scene.objects[object]!, size, label, circle, random);
      addObject(scene, object, label);
    });
  });
}
