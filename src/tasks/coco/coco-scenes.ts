import * as z from "zod";
import { randomStream } from "../../compute/random.ts";
import { stimulusCount, stimulusCountOrNone, timeStepCount } from "../../kinds/counts.ts";
import { DataError, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { dataFolder } from "../data-folder.ts";
import { diskSources } from "../disk-sources.ts";
import { inverseFrequencyWeights } from "../scenes/class-weights.ts";
import { addObject, sceneTrials } from "../scenes/scene-trials.ts";
import type { Sources } from "../sources.ts";
import { defineTask, type Task } from "../task.ts";
import type { TrialSet } from "../trials.ts";
import { imageDecoder } from "./decode-image.ts";
import { type CocoFolder, defaultCocoFolder, readCocoFolder } from "./folder.ts";
import type { ImageEntry } from "./instances.ts";
import { type CocoScene, type ReadingRecord, readScenes } from "./read-scenes.ts";
import { describeSkipped, type Skipped } from "./skipped.ts";
import { superCategories } from "./super-categories.ts";

const settings = z.strictObject({
  /** Folder with the images and the file of instances; absent: as `defaultCocoFolder` says. */
  data: dataFolder.optional(),
  /** File of instances within that folder; absent: the only instances_*.json. */
  instances: z.string().optional(),
  /** Folder of the same kind with the test images; absent: a share of the images of `data`. */
  test: z.string().optional(),
  /** File of instances within the folder `test`; absent: the only instances_*.json. */
  testInstances: z.string().optional(),
  /** Share of the images that is set aside for test where there is no folder of test images. */
  testFraction: z.number().min(0.01).max(0.99).default(0.2),
  /** Height and width in pixels, to which images are stretched. */
  size: z.int().min(8).max(4096).default(100),
  /** Objects of a scene at most. */
  objects: z.int().min(1).max(255).default(2),
  /** Objects that an image must have to be shown; absent: as many as `objects`. */
  fewestObjects: z.int().min(1).optional(),
  /** Whether rare classes count more. */
  classWeights: z.boolean().default(true),
  /** Scenes set aside for validation. */
  validation: stimulusCountOrNone.default(0),
  /** Scenes for training; absent: all. */
  limit: stimulusCount.optional(),
  /** Scenes for test; absent: all. */
  testLimit: stimulusCount.optional(),
  /** Times that a batch is shown, one after the other; absent: as often as there are objects. */
  glimpses: timeStepCount.optional(),
});

type Settings = z.infer<typeof settings>;

/**
 * Scenes from photographs with outlined objects, in the format of COCO: size x size x 3 pixels from 0 to 1, and of each image
 * the largest objects that do not overlap. Classes are COCO's 12 super-categories; a class that n_c of N training objects have
 * gets weight N / (C n_c), C classes that have any.
 *
 * Source: Lin et al., Microsoft COCO: common objects in context, 2014; as scenes of attention: Lei, Benjamin and Kording,
 * Object-based attention through internal gating, arXiv 2106.04540, 2021.
 *
 * Settings: folder of the data and its file of instances (default: as `defaultCocoFolder` says when the task is loaded), folder
 * and file for test, or the share of the images for it (0.2), size (100), objects (2), fewestObjects (as objects),
 * classWeights (true), scenes for validation (0), training and test (all there are), glimpses (as many as objects).
 */
export const cocoScenes = defineTask({
  kind: "coco-scenes",
  summary: "name the two largest objects of photographs (COCO), one a glimpse",
  settings,
  build: (given, { seed, sources }) => loadCocoScenes(given, seed, sources),
});

/** Scenes of COCO, with what was left out. */
interface CocoScenesTask extends Task {
  readonly skipped: Skipped;
  readonly notes: readonly string[];
}

/**
 * Loads scenes of COCO. Only as many images are read as there are scenes asked for.
 *
 * @param seed decides which images are for test, validation and training
 * @param sources where files are read; default: on the disk
 * @throws DataError where the folder or file is missing or damaged, or no image can be shown; UsageError where more scenes are
 *   asked for than there are
 */
export async function loadCocoScenes(
  settings: Settings,
  seed: number,
  sources: Sources = diskSources(),
): Promise<CocoScenesTask> {
  const { size, objects, fewestObjects = objects, validation, limit = Infinity, testLimit = Infinity } = settings;
  checkCounts(settings, objects, fewestObjects);
  const record: ReadingRecord = { skipped: {}, converted: 0, turned: 0, stored: 0, slashes: 0 };
  const parts = await divideImages(settings, seed, record.skipped, sources);
  const decode = await imageDecoder();
  const read = ({ folder, images }: Part, enough: number) =>
    readScenes(folder, images, enough, { size, objects, fewestObjects }, { decode, sources }, record);
  const test = await read(parts.test, testLimit);
  const scenes = await read(parts.training, validation + limit);
  checkScenes("test", parts.test, test, settings.testLimit ?? 1, record.skipped);
  const asked = validation + (settings.limit ?? 1);
  checkScenes("training and validation", parts.training, scenes, asked, record.skipped);

  const training = scenes.slice(validation);
  const weights = settings.classWeights
    ? inverseFrequencyWeights(
        training.flatMap(({ labels }) => labels),
        superCategories.length,
      )
    : new Float32Array(superCategories.length).fill(1);
  const set = (name: string, of: readonly CocoScene[]) => scenesOf(name, of, settings, weights);
  return {
    name: "coco-scenes",
    classes: superCategories.length,
    classNames: superCategories,
    presentations: settings.glimpses ?? objects,
    training: set("training scenes", training),
    validation: set("validation scenes", scenes.slice(0, validation)),
    test: set("test scenes", test),
    skipped: record.skipped,
    notes: notesOf(record),
  };
}

/** Images of one folder for one purpose. */
interface Part {
  readonly folder: CocoFolder;
  readonly images: readonly ImageEntry[];
}

async function divideImages(
  { data = defaultCocoFolder(), instances, test, testInstances, testFraction }: Settings,
  seed: number,
  skipped: Skipped,
  sources: Sources,
): Promise<{ training: Part; test: Part }> {
  const folder = await readCocoFolder(data, instances, skipped, sources);
  const order = randomStream(seed, "split").permutation(folder.images.length);
  const images = Array.from(order, (index) => folder.images[index]!);
  if (test !== undefined) {
    const other = await readCocoFolder(test, testInstances, skipped, sources);
    return { training: { folder, images }, test: { folder: other, images: other.images } };
  }
  const end = Math.max(1, Math.round(testFraction * images.length));
  return { training: { folder, images: images.slice(end) }, test: { folder, images: images.slice(0, end) } };
}

function scenesOf(
  name: string,
  scenes: readonly CocoScene[],
  { size, objects }: Settings,
  weights: Float32Array,
): TrialSet {
  return sceneTrials(name, scenes.length, { height: size, width: size, channels: 3, objects }, (scene, trial) => {
    const { pixels, owners, labels } = scenes[trial]!;
    for (let unit = 0; unit < pixels.length; unit++) {
      const value = pixels[unit]! / 255;
      scene.pixels[unit] = value;
      const owner = owners[Math.floor(unit / 3)]!;
      if (owner > 0) scene.objects[owner - 1]![unit] = value;
    }
    labels.forEach((label, object) => {
      addObject(scene, object, label, weights[label]);
    });
  });
}

function checkCounts({ test, testInstances }: Settings, objects: number, fewestObjects: number): void {
  if (fewestObjects > objects) {
    throw new UsageError(
      `Task coco-scenes: fewestObjects is ${fewestObjects} and scenes show ${objects} objects at most; lower it, or raise ` +
        "objects",
    );
  }
  if (testInstances !== undefined && test === undefined) {
    throw new UsageError(
      `Task coco-scenes: testInstances is ${shown(testInstances)} without a folder of test images; name it by test`,
    );
  }
}

function checkScenes(
  purpose: string,
  { folder, images }: Part,
  { length: found }: readonly CocoScene[],
  asked: number,
  skipped: Skipped,
): void {
  if (found >= asked) return;
  const there = `${found} of ${images.length} images listed in ${folder.file} can be shown in ${purpose}`;
  const leftOut = `left out so far: ${describeSkipped(skipped)}`;
  if (found > 0) {
    throw new UsageError(`Task coco-scenes: ${asked} scenes are asked for and ${there}; ask for fewer; ${leftOut}`);
  }
  throw new DataError(
    `COCO: ${there}, expected at least ${asked} with objects that do not overlap; look at what is missing; ${leftOut}`,
  );
}

function notesOf({ skipped, converted, turned, stored, slashes }: ReadingRecord): string[] {
  const happened: [number, string][] = [
    [converted, "images whose grey levels or 16 bits were converted to 8 bits of colour"],
    [turned, "images turned as their files say (EXIF orientation), since outlines are drawn on what is displayed"],
    [
      stored,
      "images left as stored in spite of an orientation in their files (EXIF), since their listed size is that of the stored pixels",
    ],
    [slashes, "images whose listed names have \\, read with / in its place"],
  ];
  const told = happened.filter(([count]) => count > 0).map(([count, words]) => `${words} (${count})`);
  return Object.keys(skipped).length > 0 ? [`left out: ${describeSkipped(skipped)}`, ...told] : told;
}
