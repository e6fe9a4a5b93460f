import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/kinds/errors.ts";
import { sequentialBatches } from "../../../src/tasks/batches.ts";
import { defaultCifar10Folder, loadCifar10 } from "../../../src/tasks/images/cifar10.ts";
import { parseCifar10 } from "../../../src/tasks/images/cifar10-records.ts";
import { imageTrials } from "../../../src/tasks/images/image-trials.ts";
import type { LabelledImages } from "../../../src/tasks/images/images.ts";
import { standardise } from "../../../src/tasks/stimuli.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { cifarBytes, type PlanarImage, plainImages, planarImages, putFiles } from "./cifar10.ts";

const path = temporaryFolder();

/** The images of a loaded set as the file had them. */
function planarOf({ pixels, labels, count }: Pick<LabelledImages, "pixels" | "labels" | "count">): PlanarImage[] {
  return Array.from({ length: count }, (_, image) => ({
    label: labels[image]!,
    planes: [0, 1, 2].map((channel) =>
      Uint8Array.from({ length: 1024 }, (_, position) => pixels[(image * 1024 + position) * 3 + channel]!),
    ),
  }));
}

describe("parseCifar10", () => {
  test("gives back every label and every level of every plane, channels last", () => {
    fc.assert(
      fc.property(planarImages, (images) => {
        const records = parseCifar10(cifarBytes(images), "f");
        expect(planarOf({ ...records, count: images.length })).toEqual(images);
      }),
      { numRuns: 30 },
    );
  });

  test("places a pixel by row, then column, then channel", () => {
    const [image] = plainImages(1, [0, 0, 0]);
    const planes = image!.planes.map((_, channel) => new Uint8Array(1024).fill(7 + channel, 5 * 32 + 9, 5 * 32 + 10));
    const { pixels } = parseCifar10(cifarBytes([{ label: 3, planes }]), "f");
    const start = (5 * 32 + 9) * 3;
    expect([...pixels.subarray(start - 1, start + 4)]).toEqual([0, 7, 8, 9, 0]);
  });

  test("any other length is an error that names both counts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3072 }), (records, rest) => {
        const parse = () => parseCifar10(new Uint8Array(records * 3073 + rest), "some/file.bin");
        expect(parse).toThrow(DataError);
        expect(parse).toThrow(
          `CIFAR-10 file some/file.bin has ${records * 3073 + rest} bytes, which is ${records} records of 3073 bytes and ` +
            `${rest} bytes more; expected whole records, fetch the data set again`,
        );
      }),
    );
  });

  test("a label above 9 is named with its place", () => {
    fc.assert(
      fc.property(fc.nat(3), fc.integer({ min: 10, max: 255 }), (place, label) => {
        const images = plainImages(4).map((image, index) => (index === place ? { ...image, label } : image));
        const parse = () => parseCifar10(cifarBytes(images), "b.bin");
        expect(parse).toThrow(DataError);
        expect(parse).toThrow(`CIFAR-10 file b.bin: label ${place} is ${label}, expected 0 to 9; check that it is of`);
      }),
      { numRuns: 10 },
    );
  });

  test("an empty file is called empty", () => {
    expect(() => parseCifar10(new Uint8Array(0), "b.bin")).toThrow(
      "CIFAR-10 file b.bin is empty, expected records of 3073 bytes; fetch the data set again",
    );
  });
});

describe("loadCifar10", () => {
  const names = ["ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"];

  test("joins the batches there are in their order, whatever is written", async () => {
    let run = 0;
    const batches = fc.uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 5 }), images: planarImages }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ number }) => number,
    });
    await fc.assert(
      fc.asyncProperty(batches, planarImages, fc.boolean(), async (written, test, named) => {
        const folder = path(`some-${run++}`);
        const files = written.map(({ number, images }) => [`data_batch_${number}.bin`, cifarBytes(images)] as const);
        await putFiles(folder, { ...Object.fromEntries(files), "test_batch.bin": cifarBytes(test) });
        if (named) await putFiles(folder, { "batches.meta.txt": `${names.join("\n")}\n\n` });
        const loaded = await loadCifar10({ directory: folder });
        const sorted = written.sort((a, b) => a.number - b.number);
        expect(planarOf(loaded.training)).toEqual(sorted.flatMap(({ images }) => images));
        expect(planarOf(loaded.test)).toEqual(test);
        expect(loaded.classNames).toEqual(named ? names : expect.arrayContaining(["airplane", "truck"]));
        expect(loaded.classNames).toHaveLength(10);
        expect(loaded.files).toEqual([
          ...sorted.map(({ number }) => `data_batch_${number}.bin`),
          "test_batch.bin",
          ...(named ? ["batches.meta.txt"] : []),
        ]);
        const size = { height: 32, width: 32, channels: 3, classes: 10 };
        expect(loaded.training).toMatchObject({ ...size, name: "CIFAR-10 training images" });
        expect(loaded.test).toMatchObject({ ...size, name: "CIFAR-10 test images", count: test.length });
      }),
      { numRuns: 15 },
    );
  });

  test("stimuli are the standardised levels, pixel by pixel", async () => {
    const folder = path("standardised");
    await putFiles(folder, {
      "data_batch_2.bin": cifarBytes(plainImages(2, [255, 51, 0])),
      "test_batch.bin": cifarBytes(plainImages(1)),
    });
    const { training } = await loadCifar10({ directory: folder });
    const [batch] = sequentialBatches(imageTrials(training), { batch: 2 });
    const expected = Array.from({ length: 2 * 1024 }, () => [255, 51, 0].map(standardise)).flat();
    expect([...batch!.stimuli[0]![0]!]).toEqual(expected);
    expect([standardise(255), standardise(0)]).toEqual([1, -1]);
    expect(standardise(51)).toBeCloseTo(-0.6, 6);
    expect([...batch!.targets[0]!.values[0]!]).toEqual([0, 1]);
  });

  async function expectFault(folder: string, ...texts: string[]): Promise<void> {
    const loading = loadCifar10({ directory: folder });
    await expect(loading).rejects.toThrow(DataError);
    for (const text of texts) await expect(loading).rejects.toThrow(text);
  }

  test("without a folder says what to put where and which command fetches it", async () => {
    const folder = path("absent");
    await expectFault(
      folder,
      `CIFAR-10: the folder ${folder} does not exist; run sulcus data fetch cifar10 --to ${folder}, or unpack ` +
        "cifar-10-binary.tar.gz and put its data_batch_1.bin to data_batch_5.bin and test_batch.bin there; another place is " +
        "named by the task's data or, as the folder above cifar-10-batches-bin, by SULCUS_DATA",
    );
    await putFiles(path(), { "a-file": "text" });
    await expectFault(
      path("a-file"),
      `CIFAR-10: the folder ${path("a-file")} cannot be listed as a folder; run sulcus`,
    );
  });

  test("a folder without the files, and one above the right one, are told apart", async () => {
    const folder = path("partial");
    await putFiles(folder, { "test_batch.bin": cifarBytes(plainImages(1)), data_batch_1: "of the Python version" });
    await expectFault(
      folder,
      `CIFAR-10: data_batch_1.bin to data_batch_5.bin are missing in ${folder}; run sulcus data fetch cifar10 --to`,
    );
    await putFiles(folder, { "data_batch_5.bin": cifarBytes(plainImages(1)) });
    await rm(join(folder, "test_batch.bin"));
    await expectFault(folder, `CIFAR-10: test_batch.bin is missing in ${folder}; run sulcus data fetch`);
    await putFiles(join(path("above"), "cifar-10-batches-bin"), {});
    await expectFault(path("above"), `did you mean ${path("above", "cifar-10-batches-bin")}?`);
  });

  test("a file that is damaged or none is named", async () => {
    const folder = path("damaged");
    await putFiles(folder, { "data_batch_1.bin": cifarBytes(plainImages(1)), "test_batch.bin": new Uint8Array(3072) });
    await expectFault(folder, `CIFAR-10 file ${join(folder, "test_batch.bin")} has 3072 bytes, which is 0 records`);
    await putFiles(join(folder, "data_batch_3.bin"), {});
    await expectFault(
      folder,
      `CIFAR-10 file ${join(folder, "data_batch_3.bin")} cannot be read (EISDIR`,
      "expected a readable file, check its kind and rights",
    );
  });

  test("names of classes that are not ten are refused", async () => {
    const folder = path("names");
    await putFiles(folder, {
      "data_batch_1.bin": cifarBytes(plainImages(1)),
      "test_batch.bin": cifarBytes(plainImages(1)),
      "batches.meta.txt": "cat\ndog\n",
    });
    await expectFault(
      folder,
      `CIFAR-10 file ${join(folder, "batches.meta.txt")} names 2 classes, expected 10, one a line; mend it, or remove it`,
    );
  });
});

test("the folder is looked for under SULCUS_DATA, else under data in the working directory", () => {
  expect(defaultCifar10Folder("/some/where")).toBe("/some/where/cifar-10-batches-bin");
  for (const none of [undefined, ""]) expect(defaultCifar10Folder(none)).toBe(resolve("data/cifar-10-batches-bin"));
});
