import { mkdir, rm, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { DataError, DescriptionError, UsageError } from "../../../src/compute/errors.ts";
import { cocoScenes, loadCocoScenes } from "../../../src/tasks/coco/coco-scenes.ts";
import { superCategories } from "../../../src/tasks/coco/super-categories.ts";
import { loadTask } from "../../../src/tasks/task.ts";
import { temporaryFolder } from "../../experiments/record/temporary-folder.ts";
import { placesOf, type ShownScene, show } from "../scenes/show.ts";
import { compress, countsOf } from "./run-length.ts";
import {
  entriesOf,
  goodFolder,
  height,
  photograph,
  rectangle,
  type SmallFolder,
  twoObjects,
  width,
  writeFolder,
} from "./small-folder.ts";

const path = temporaryFolder();
let folders = 0;

/** A fresh folder, and the options to load scenes of 20 x 20 pixels from it. */
async function written(folder: SmallFolder, layout?: Parameters<typeof writeFolder>[2]) {
  const data = path(`coco-${folders++}`);
  await writeFolder(data, folder, layout);
  return { data, size: 20 };
}

/** Which image of `goodFolder` a scene shows. */
const imageOf = ({ pixels }: ShownScene) => Math.round((pixels.at(-1)! * 255) / 10);

describe("scenes of COCO", () => {
  test("show the image stretched and each object alone, with classes and their weights", async () => {
    const folder = await goodFolder(10);
    folder.annotations[0]!.category_id = 7;
    const options = await written(folder);
    const task = await loadCocoScenes(cocoScenes(options), 1);
    expect(task).toMatchObject({ name: "coco-scenes", classes: 12, classNames: superCategories, presentations: 2 });
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([8, 0, 2]);
    expect([task.skipped, task.notes]).toEqual([{}, []]);
    expect(task.training.shape).toMatchObject({
      streams: [{ name: "scene", height: 20, width: 20, channels: 3, steps: 1 }],
      targets: 0,
      context: { objects: 2400, objectLabels: 2, objectWeights: 2, present: 2 },
      factors: ["object 1", "object 2"],
    });
    const scenes = [task.training, task.test].flatMap((trials) => show(trials, placesOf(trials)));
    for (const { pixels, objects, labels, present, factors } of scenes) {
      expect(pixels.every((value) => value >= 0 && value <= 1)).toBe(true);
      // Columns 2 to 17 of 40 and rows 3 to 26 of 30 are columns 1 to 8 and rows 2 to 17 of 20.
      const inside = (row: number, column: number) => row >= 2 && row < 18 && column >= 1 && column < 9;
      for (let unit = 0; unit < pixels.length; unit++) {
        const [row, column] = [Math.floor(unit / 60), Math.floor(unit / 3) % 20];
        expect(objects[0]![unit]).toBe(inside(row, column) ? pixels[unit] : 0);
        if (objects[1]![unit] !== 0) expect(objects[0]![unit]).toBe(0);
      }
      expect(pixels[(10 * 20 + 5) * 3]).toBeCloseTo(240 / 255, 1);
      expect(pixels[(10 * 20 + 11) * 3]).toBeCloseTo(60 / 255, 1);
      expect(labels[1]).toBe(3);
      expect(present).toEqual([1, 1]);
      expect(factors).toEqual(labels);
    }
    expect(scenes.map(imageOf).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const weights = show(task.training, placesOf(task.training)).flatMap((scene) => scene.weights);
    expect(weights.reduce((sum, weight) => sum + weight) / weights.length).toBeCloseTo(1, 6);
    const unweighted = await loadCocoScenes(cocoScenes({ ...options, classWeights: false }), 1);
    expect(show(unweighted.training, [0, 1]).map((scene) => scene.weights)).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test("are divided by the seed without overlap, the same for the same seed", async () => {
    const options = cocoScenes({ ...(await written(await goodFolder(20))), testFraction: 0.3, validation: 4 });
    const images = async (seed: number, more = {}) => {
      const task = await loadTask({ ...options, ...more }, seed);
      return [task.training, task.validation, task.test].map((trials) => show(trials, placesOf(trials)).map(imageOf));
    };
    const [training, validation, testing] = await images(3);
    expect([training!.length, validation!.length, testing!.length]).toEqual([10, 4, 6]);
    expect(new Set([training, validation, testing].flat()).size).toBe(20);
    expect(await images(3)).toEqual([training, validation, testing]);
    expect(await images(4)).not.toEqual([training, validation, testing]);
    const limited = await images(3, { limit: 5, testLimit: 2 });
    expect(limited).toEqual([training!.slice(0, 5), validation, testing!.slice(0, 2)]);
  });

  test("take test images from a folder of their own, and images from the usual places", async () => {
    const training = await written(await goodFolder(4), { file: "annotations/instances_some.json", imagesIn: "some" });
    const testing = await written(await goodFolder(3), { imagesIn: "images" });
    const task = await loadTask(cocoScenes({ ...training, test: testing.data }), 1);
    expect([task.training.count, task.test.count]).toEqual([4, 3]);
    expect(show(task.test, [0, 1, 2]).map(imageOf)).toEqual([0, 1, 2]);

    await writeFolder(training.data, { images: {}, annotations: [] }, { file: "annotations/instances_other.json" });
    const two = loadTask(cocoScenes(training), 1);
    await expect(two).rejects.toThrow(UsageError);
    await expect(two).rejects.toThrow(
      `COCO: ${training.data} holds 2 files of instances (annotations/instances_other.json, ` +
        "annotations/instances_some.json); name one by the task's instances",
    );
    const named = await loadTask(cocoScenes({ ...training, instances: "annotations/instances_some.json" }), 1);
    expect(named.training.count + named.test.count).toBe(4);
  });

  const before = process.env.SULCUS_DATA;
  afterEach(() => {
    if (before === undefined) delete process.env.SULCUS_DATA;
    else process.env.SULCUS_DATA = before;
  });
  test("are found under SULCUS_DATA where no folder is named", async () => {
    await writeFolder(path("coco"), await goodFolder(4));
    process.env.SULCUS_DATA = path();
    expect((await loadTask(cocoScenes({ size: 20 }), 1)).training.count).toBe(3);
  });

  test("read masks as run lengths, compressed or not, as they read polygons", async () => {
    const folder = await goodFolder(3);
    const mask = Uint8Array.from({ length: height * width }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      return Number(row >= 3 && row < 27 && column >= 2 && column < 18);
    });
    const counts = countsOf(mask, height, width);
    folder.annotations[0]!.segmentation = { size: [height, width], counts };
    folder.annotations[2]!.segmentation = { size: [height, width], counts: compress(counts) };
    const task = await loadTask(cocoScenes({ ...(await written(folder)), testFraction: 0.01 }), 1);
    const objects = [task.training, task.test].flatMap((trials) => show(trials, placesOf(trials)));
    const inked = objects.map((scene) => scene.objects[0]!.map((value) => Number(value > 0)));
    expect(inked[1]).toEqual(inked[0]);
    expect(inked[2]).toEqual(inked[0]);
  });

  test("show fewer objects where that is allowed, and nothing in the place of the others", async () => {
    const folder = await goodFolder(6);
    folder.annotations = folder.annotations.filter((_, index) => index % 2 === 0);
    const options = await written(folder);
    const task = await loadTask(cocoScenes({ ...options, fewestObjects: 1 }), 1);
    for (const { objects, labels, weights, present, factors } of show(task.training, [0, 1, 2, 3])) {
      expect([labels, weights, present, factors]).toEqual([
        [0, 0],
        [1, 0],
        [1, 0],
        [0, -1],
      ]);
      expect(objects[1]!.every((value) => value === 0)).toBe(true);
    }
    await expect(loadTask(cocoScenes(options), 1)).rejects.toThrow(
      "left out so far: images with too few objects that do not overlap (6)",
    );
  });
});

describe("what is wrong in a folder", () => {
  /** A folder of 12 good images, of which one is spoilt. */
  async function spoilt(spoil: (folder: SmallFolder) => void | Promise<void>) {
    const folder = await goodFolder(12);
    folder.entries = entriesOf(Object.keys(folder.images));
    await spoil(folder);
    return loadCocoScenes(cocoScenes(await written(folder)), 1);
  }

  const image = "0.png";
  test.each<[string, (folder: SmallFolder) => void | Promise<void>, object, string]>([
    [
      "a missing image",
      ({ images }) => {
        delete images[image];
      },
      { missingImage: 1 },
      "left out: images whose file is missing or cannot be read (1)",
    ],
    [
      "a corrupt image",
      ({ images }) => {
        images[image] = images[image]!.subarray(0, 60);
      },
      { corruptImage: 1 },
      "left out: images that cannot be decoded (1)",
    ],
    [
      "an image cut short",
      ({ images }) => {
        images["1.jpeg"] = images["1.jpeg"]!.subarray(0, images["1.jpeg"]!.length - 40);
      },
      { corruptImage: 1 },
      "left out: images that cannot be decoded (1)",
    ],
    [
      "a file that is no image",
      ({ images }) => {
        images[image] = new TextEncoder().encode("no image");
      },
      { corruptImage: 1 },
      "left out: images that cannot be decoded (1)",
    ],
    [
      "an image of another size",
      async ({ images }) => {
        images[image] = await photograph("png", [0, 0, 0], { high: 10 });
      },
      { otherSize: 1 },
      "left out: images of another size than listed (1)",
    ],
    [
      "an empty segmentation",
      ({ annotations }) => {
        annotations[0]!.segmentation = [];
      },
      { emptySegmentation: 1, fewObjects: 1 },
      "left out: objects without a segmentation (1), images with too few objects that do not overlap (1)",
    ],
    [
      "no segmentation",
      ({ annotations }) => {
        annotations[0]!.segmentation = null;
        delete annotations[2]!.segmentation;
      },
      { emptySegmentation: 2, fewObjects: 2 },
      "left out: objects without a segmentation (2), images with too few objects that do not overlap (2)",
    ],
    [
      "a crowd",
      ({ annotations }) => {
        annotations[0]!.iscrowd = 1;
      },
      { crowd: 1, fewObjects: 1 },
      "left out: objects marked as crowds (1), images with too few objects that do not overlap (1)",
    ],
    [
      "a category outside of the list",
      ({ annotations }) => {
        annotations[0]!.category_id = 99;
      },
      { otherCategory: 1, fewObjects: 1 },
      "left out: objects of no known super-category (1), images with too few objects that do not overlap (1)",
    ],
    [
      "a polygon of two corners",
      ({ annotations }) => {
        annotations[0]!.segmentation = [[1, 1, 5, 5]];
      },
      { brokenSegmentation: 1, fewObjects: 1 },
      "left out: objects with a segmentation that cannot be read (1), images with too few objects that do not overlap (1)",
    ],
    [
      "run lengths of another size",
      ({ annotations }) => {
        annotations[0]!.segmentation = { size: [5, 5], counts: [25] };
      },
      { brokenSegmentation: 1, fewObjects: 1 },
      "left out: objects with a segmentation that cannot be read (1), images with too few objects that do not overlap (1)",
    ],
    [
      "an object outside of the image",
      ({ annotations }) => {
        annotations[0]!.segmentation = [rectangle(100, 100, 120, 120)];
      },
      { noPixels: 1, fewObjects: 1 },
      "left out: objects that cover no pixel (1), images with too few objects that do not overlap (1)",
    ],
    [
      "objects that overlap",
      ({ annotations }) => {
        annotations[0]!.segmentation = [rectangle(2, 3, 30, 27)];
      },
      { fewObjects: 1 },
      "left out: images with too few objects that do not overlap (1)",
    ],
    [
      "an object of an image that is not listed",
      ({ annotations }) => {
        annotations.push(...twoObjects(500));
      },
      { unknownImage: 2 },
      "left out: objects of an image that is not listed (2)",
    ],
  ])("%s is left out and counted", async (_, spoil, skipped, note) => {
    const task = await spoilt(spoil);
    expect(task.skipped).toEqual(skipped);
    expect(task.notes).toEqual([note]);
    expect(task.training.count + task.test.count).toBe(
      12 - ("unknownImage" in skipped ? 0 : (task.skipped.fewObjects ?? 1)),
    );
  });

  test("grey levels and 16 bits are converted and told", async () => {
    const task = await spoilt(async ({ images }) => {
      images["0.png"] = await photograph("png", [99, 99, 99], { grey: true });
      images["1.jpeg"] = await photograph("jpeg", [99, 99, 99], { grey: true });
      images["2.png"] = await photograph("png", [99, 99, 99], { deep: true });
      images["4.png"] = await photograph("png", [99, 99, 99], { grey: true, deep: true });
    });
    expect(task.skipped).toEqual({});
    expect(task.notes).toEqual(["images whose grey levels or 16 bits were converted to 8 bits of colour (4)"]);
    const scenes = [task.training, task.test].flatMap((trials) => show(trials, placesOf(trials)));
    const converted = scenes.filter(({ pixels }) => Math.abs(pixels[0]! - 99 / 255) < 0.02);
    expect(converted).toHaveLength(4);
    for (const { pixels } of converted) {
      for (const channel of [0, 1, 2]) {
        expect(pixels[channel]).toBeCloseTo(99 / 255, 1);
        expect(pixels[(10 * 20 + 5) * 3 + channel]).toBeCloseTo(240 / 255, 1);
      }
    }
  });

  test("an image that is listed twice is shown once", async () => {
    const task = await spoilt(({ entries }) => void entries!.push(entries![0]!));
    expect(task.training.count + task.test.count).toBe(12);
  });

  test("a folder from which nothing remains is refused, with the reasons", async () => {
    const folder = await goodFolder(6);
    const options = cocoScenes(
      await written({ ...folder, images: {}, entries: entriesOf(Object.keys(folder.images)) }),
    );
    const load = loadTask(options, 1);
    await expect(load).rejects.toThrow(DataError);
    await expect(load).rejects.toThrow(
      `COCO: 0 of 1 images listed in ${options.data}/instances_small.json can be shown in test, expected at least 1 with ` +
        "objects that do not overlap; look at what is missing; left out so far: images whose file is missing or cannot " +
        "be read (6)",
    );
    const empty = loadTask(cocoScenes(await written({ images: {}, annotations: [] })), 1);
    await expect(empty).rejects.toThrow("0 of 0 images listed in");
    await expect(empty).rejects.toThrow("; left out so far: nothing");
  });

  test("more scenes than there are are refused", async () => {
    const options = await written(await goodFolder(10));
    const load = loadTask(cocoScenes({ ...options, validation: 2, limit: 7 }), 1);
    await expect(load).rejects.toThrow(UsageError);
    await expect(load).rejects.toThrow(
      "Task coco-scenes: 9 scenes are asked for and 8 of 8 images listed in " +
        `${options.data}/instances_small.json can be shown in training and validation; ask for fewer; left out so far: nothing`,
    );
    await expect(loadTask(cocoScenes({ ...options, testLimit: 3 }), 1)).rejects.toThrow(
      "3 scenes are asked for and 2 of 2",
    );
    await expect(loadTask(cocoScenes({ ...options, objects: 1, fewestObjects: 2 }), 1)).rejects.toThrow(
      "Task coco-scenes: fewestObjects is 2 and scenes show 1 objects at most; lower it, or raise objects",
    );
    await expect(loadTask(cocoScenes({ ...options, testInstances: "a.json" }), 1)).rejects.toThrow(
      'Task coco-scenes: testInstances is "a.json" without a folder of test images; name it by test',
    );
  });

  const valid = { images: entriesOf(["a"]), annotations: twoObjects(1), categories: [] };
  test.each<[string, string, string]>([
    ["cut off", JSON.stringify(valid).slice(0, 50), " is not JSON ("],
    [
      "a list",
      "[]",
      ": got [], expected settings (images, annotations, categories); check that it is an instances_*.json",
    ],
    ["no images", JSON.stringify({ ...valid, images: undefined }), ": images: got nothing, expected a list"],
    [
      "an image without a name",
      JSON.stringify({ ...valid, images: [{ id: 1, width: 3, height: 3 }] }),
      ": images.0.file_name: got nothing, expected non-empty text",
    ],
    [
      "a width of 0",
      JSON.stringify({ ...valid, images: [{ id: 1, file_name: "a", width: 0, height: 3 }] }),
      ": images.0.width: got 0, expected a whole number of at least 1",
    ],
    [
      "a segmentation of words",
      JSON.stringify({
        ...valid,
        annotations: [...twoObjects(1), { image_id: 1, category_id: 1, segmentation: "all" }],
      }),
      ': annotations.2.segmentation: got "all", expected polygons [[x, y, ...], ...] or run lengths {"size": ',
    ],
    [
      "a polygon of words",
      JSON.stringify({ ...valid, annotations: [{ image_id: 1, category_id: 1, segmentation: [["a"]] }] }),
      ': annotations.0.segmentation: got [["a"]], expected polygons',
    ],
  ])("a file that is %s is refused by name and field", async (_, text, message) => {
    const data = path(`coco-${folders++}`);
    await mkdir(data);
    await writeFile(`${data}/instances_bad.json`, text);
    const load = loadTask(cocoScenes({ data }), 1);
    await expect(load).rejects.toThrow(DataError);
    await expect(load).rejects.toThrow(`COCO file ${data}/instances_bad.json${message}`);
  });

  test("a folder or file that is not there is refused", async () => {
    const nowhere = loadTask(cocoScenes({ data: path("nowhere") }), 1);
    await expect(nowhere).rejects.toThrow(DataError);
    await expect(nowhere).rejects.toThrow(
      `COCO: the folder ${path("nowhere")} does not exist; put an instances_*.json and its images there, or name another ` +
        "folder by the task's data",
    );
    const { data } = await written(await goodFolder(1));
    await expect(loadTask(cocoScenes({ data, instances: "other.json" }), 1)).rejects.toThrow(
      `COCO file ${data}/other.json cannot be read (ENOENT`,
    );
    await rm(`${data}/instances_small.json`);
    await expect(loadTask(cocoScenes({ data }), 1)).rejects.toThrow(
      `COCO: there is no instances_*.json in ${data} or its folder annotations; put it there with its images, or name it ` +
        "by the task's instances",
    );
    await writeFile(path("a-file"), "");
    await expect(loadTask(cocoScenes({ data: path("a-file") }), 1)).rejects.toThrow("cannot be listed as a folder");
  });

  test.each([
    [{ testFraction: 1 }, "task: testFraction: got 1, expected a number from 0.01 to 0.99"],
    [{ size: 4 }, "task: size: got 4, expected a whole number of at least 8"],
    [{ dat: "folder" }, 'task: unknown setting "dat" (did you mean "data"?)'],
  ])("%j is refused", (options, text) => {
    const make = () => cocoScenes(options as Parameters<typeof cocoScenes>[0]);
    expect(make).toThrow(DescriptionError);
    expect(make).toThrow(text);
  });
});
