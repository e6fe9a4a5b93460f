import { execFileSync } from "node:child_process";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { loadTask } from "../../../src/built-in.ts";
import { DataError, DescriptionError, UsageError } from "../../../src/kinds/errors.ts";
import { cocoScenes, loadCocoScenes } from "../../../src/tasks/coco/coco-scenes.ts";
import type { Skipped } from "../../../src/tasks/coco/skipped.ts";
import { superCategories } from "../../../src/tasks/coco/super-categories.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
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

/** How many were left out, by reason. */
const countsOfSkipped = (skipped: Skipped) =>
  Object.fromEntries(Object.entries(skipped).map(([reason, { count }]) => [reason, count]));

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
      targets: [],
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
    const training = await written(await goodFolder(4), {
      file: "annotations/instances_some.json",
      imagesIn: ["some"],
    });
    const testing = await written(await goodFolder(3), { imagesIn: ["images"] });
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
  async function spoilt(spoil: (folder: SmallFolder) => void | Promise<void>, layout?: Parameters<typeof written>[1]) {
    const folder = await goodFolder(12);
    folder.entries = entriesOf(Object.keys(folder.images));
    await spoil(folder);
    const options = await written(folder, layout);
    return { data: options.data, ...(await loadCocoScenes(cocoScenes(options), 1)) };
  }

  const image = "0.png";
  test.each<[string, (folder: SmallFolder) => void | Promise<void>, object, string]>([
    [
      "a missing image",
      ({ images }) => {
        delete images[image];
      },
      { missingImage: 1 },
      'left out: images whose file is missing or cannot be read (1: "0.png", looked for in FOLDER, FOLDER/images, ' +
        "FOLDER/small)",
    ],
    [
      "a corrupt image",
      ({ images }) => {
        images[image] = images[image]!.subarray(0, 60);
      },
      { corruptImage: 1 },
      'left out: images that cannot be decoded (1: "0.png")',
    ],
    [
      "an image cut short",
      ({ images }) => {
        images["1.jpeg"] = images["1.jpeg"]!.subarray(0, images["1.jpeg"]!.length - 40);
      },
      { corruptImage: 1 },
      'left out: images that cannot be decoded (1: "1.jpeg")',
    ],
    [
      "a file that is no image",
      ({ images }) => {
        images[image] = new TextEncoder().encode("no image");
      },
      { corruptImage: 1 },
      'left out: images that cannot be decoded (1: "0.png")',
    ],
    [
      "an image of another size",
      async ({ images }) => {
        images[image] = await photograph("png", [0, 0, 0], { high: 10 });
      },
      { otherSize: 1 },
      'left out: images of another size than listed (1: "0.png", 40 x 10 pixels, listed as 40 x 30)',
    ],
    [
      "a drawing",
      ({ images }) => {
        images[image] = new TextEncoder().encode(
          '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><image href="http://127.0.0.1:9/a.png"/></svg>',
        );
      },
      { otherFormat: 1 },
      'left out: images in another format than jpeg, png, webp, gif, tiff or avif (1: "0.png", svg)',
    ],
    [
      "an image listed as too large",
      ({ entries }) => {
        entries![0]!.width = 10_000;
        entries![0]!.height = 10_000;
      },
      { tooLarge: 1 },
      'left out: images that are too large (1: "0.png", listed as 10000 x 10000 pixels, at most 67108864)',
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
      "left out: objects with a segmentation that cannot be read (1: annotations.0), images with too few objects that do not overlap (1)",
    ],
    [
      "run lengths of another size",
      ({ annotations }) => {
        annotations[0]!.segmentation = { size: [5, 5], counts: [25] };
      },
      { brokenSegmentation: 1, fewObjects: 1 },
      "left out: objects with a segmentation that cannot be read (1: annotations.0), images with too few objects that do not overlap (1)",
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
      "left out: objects of an image that is not listed (2, the first: annotations.24, image 500)",
    ],
    ...[
      ["a flat polygon", rectangle(2, 3, 18, 27)],
      ["a record without counts", {}],
      ["a text", "all"],
      ["a polygon of words", [["a", "b", "c", "d", "e", "f"]]],
      ["a polygon of seven numbers", [[1, 1, 9, 1, 9, 9, 1]]],
      ["a polygon with a NaN, which JSON writes as null", [[1, 1, 9, 1, Number.NaN, 9]]],
      ["run lengths of words", { size: [height, width], counts: ["a"] }],
    ].map(([words, segmentation]): [string, (folder: SmallFolder) => void, object, string] => [
      `an outline that is ${words}`,
      ({ annotations }) => {
        annotations[3]!.segmentation = segmentation;
      },
      { brokenSegmentation: 1, fewObjects: 1 },
      "left out: objects with a segmentation that cannot be read (1: annotations.3), images with too few objects that do not " +
        "overlap (1)",
    ]),
    [
      "an entry of an image without a size",
      ({ entries }) => {
        entries![0]!.width = "40";
      },
      { brokenImage: 1, unknownImage: 2 },
      'left out: entries of images that cannot be read (1: images.0, width: got "40", expected a whole number of at least 1), ' +
        "objects of an image that is not listed (2, the first: annotations.0, image 1)",
    ],
    [
      "an entry of an object of no image",
      ({ annotations }) => {
        annotations.splice(5, 0, { image_id: null, category_id: 1 });
      },
      { brokenAnnotation: 1 },
      "left out: entries of objects that cannot be read (1: annotations.5, image_id: got nothing, expected a whole number or text)",
    ],
  ])("%s is left out and counted", async (_, spoil, skipped, note) => {
    const { data, ...task } = await spoilt(spoil);
    expect(countsOfSkipped(task.skipped)).toEqual(skipped);
    expect(task.notes.map((line) => line.replaceAll(data, "FOLDER"))).toEqual([note]);
    const images = [
      "fewObjects",
      "missingImage",
      "corruptImage",
      "otherSize",
      "otherFormat",
      "tooLarge",
      "brokenImage",
    ];
    const lost = Object.entries(countsOfSkipped(task.skipped)).map(([reason, count]) =>
      images.includes(reason) ? count : 0,
    );
    expect(task.training.count + task.test.count).toBe(12 - lost.reduce((sum, count) => sum + count));
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

  test("what tools write otherwise is read", async () => {
    const shownAll = async (spoil: (folder: SmallFolder) => void, layout?: Parameters<typeof written>[1]) => {
      const { training, test: testing, notes } = await spoilt(spoil, layout);
      expect(training.count + testing.count).toBe(12);
      return notes;
    };
    expect(
      await shownAll(({ annotations }) => {
        annotations.forEach((annotation, index) => {
          annotation.iscrowd = [false, 0, null, undefined][index % 4];
        });
      }),
    ).toEqual([]);
    expect(
      await shownAll(({ entries, annotations }) => {
        for (const entry of entries!) entry.id = `image ${entry.id}`;
        for (const annotation of annotations) annotation.image_id = `image ${annotation.image_id}`;
      }),
    ).toEqual([]);
    expect(
      await shownAll(
        ({ entries }) => {
          for (const entry of entries!.slice(3)) entry.file_name = `some\\folder\\${entry.file_name}`;
        },
        { imagesIn: ["images", "images/some/folder"] },
      ),
    ).toEqual(["images whose listed names have \\, read with / in its place (9)"]);
    expect(
      await shownAll(() => {}, {
        encoded: (text) =>
          text.replace('"info":{}', '"info":{"area":NaN,"least":-Infinity,"says":"a \\"NaN\\", -Infinity"}'),
      }),
    ).toEqual([]);
  });

  test.each([
    ["UTF-8", (text: string) => Buffer.from(`\ufeff${text}`)],
    ["UTF-16, lowest byte first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16, highest byte first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ])("a file with a byte order mark is read (%s)", async (_, encoded) => {
    const { training, notes } = await spoilt(() => {}, { encoded });
    expect([training.count, notes]).toEqual([10, []]);
  });

  test("a crowd marked by true is one", async () => {
    const { skipped } = await spoilt(({ annotations }) => {
      annotations[0]!.iscrowd = true;
    });
    expect(countsOfSkipped(skipped)).toEqual({ crowd: 1, fewObjects: 1 });
  });

  test("a file longer than any text is refused with its size", async () => {
    const options = await written(await goodFolder(1));
    await truncate(`${options.data}/instances_small.json`, 600 * 2 ** 20);
    await expect(loadTask(cocoScenes(options), 1)).rejects.toThrow(
      `COCO file ${options.data}/instances_small.json has 600 MiB, expected at most 512 MiB, which is what can be read as one ` +
        "text; write a file of fewer images and their objects, and name it by the task's instances",
    );
  });

  test("a named pipe in the place of an image is not waited for", async () => {
    const folder = await goodFolder(12);
    folder.entries = entriesOf(Object.keys(folder.images));
    delete folder.images[image];
    const options = await written(folder);
    execFileSync("mkfifo", [`${options.data}/${image}`]);
    const task = await loadCocoScenes(cocoScenes(options), 1);
    expect(countsOfSkipped(task.skipped)).toEqual({ missingImage: 1 });
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
        `be read (6, the first: "`,
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
    [{ testFraction: 1 }, 'task "coco-scenes": testFraction: got 1, expected a number from 0.01 to 0.99'],
    [{ size: 4 }, 'task "coco-scenes": size: got 4, expected a whole number from 8 to 4096'],
    [{ dat: "folder" }, 'task "coco-scenes": unknown setting "dat" (did you mean "data"?)'],
  ])("%j is refused", (options, text) => {
    const make = () => cocoScenes(options as Parameters<typeof cocoScenes>[0]);
    expect(make).toThrow(DescriptionError);
    expect(make).toThrow(text);
  });
});
