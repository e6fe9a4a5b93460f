import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataError } from "../../../src/kinds/errors.ts";
import { loadDigits } from "../../../src/tasks/images/digits.ts";
import type { LabelledImages } from "../../../src/tasks/images/images.ts";
import { idxBytes } from "./images.ts";

function histogram({ labels }: LabelledImages): number[] {
  const found = new Array<number>(10).fill(0);
  for (const label of labels) found[label]! += 1;
  return found;
}

test("by default the digits are the 70,000 of MNIST", async () => {
  const { training, test } = await loadDigits();
  const size = { channels: 1, height: 28, width: 28, classes: 10 };
  expect(training).toMatchObject({ ...size, name: "training digits", count: 60_000 });
  expect(test).toMatchObject({ ...size, name: "test digits", count: 10_000 });
  expect(training.pixels.length).toBe(60_000 * 784);
  expect(test.pixels.length).toBe(10_000 * 784);
  expect(histogram(training)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(histogram(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  expect([...training.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  expect([...test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  // The known mean level of the training pixels, 0.1307 of 255.
  let sum = 0;
  for (const byte of training.pixels) sum += byte;
  expect(sum / training.pixels.length / 255).toBeCloseTo(0.1307, 4);
});

describe("a folder of one's own", () => {
  let folder = "";
  const put = (name: string, shape: number[], data: number[]) => writeFile(join(folder, name), idxBytes(shape, data));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sulcus-digits-"));
    await put("train-images-idx3-ubyte", [3, 1, 2], [0, 1, 2, 3, 4, 5]);
    await put("train-labels-idx1-ubyte", [3], [9, 0, 1]);
    await put("t10k-images.idx3-ubyte", [2, 1, 2], [6, 7, 8, 9]);
    await put("t10k-labels.idx1-ubyte", [2], [2, 3]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function expectFault(...texts: string[]): Promise<void> {
    const loading = loadDigits({ directory: folder });
    await expect(loading).rejects.toThrow(DataError);
    for (const text of texts) await expect(loading).rejects.toThrow(text);
  }

  test("may hold any number of images of any size, in either spelling of the names", async () => {
    const { training, test, ...rest } = await loadDigits({ directory: folder });
    expect(rest).toEqual({
      classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
      folder,
      files: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"],
    });
    expect(training).toMatchObject({ count: 3, height: 1, width: 2, pixels: Uint8Array.of(0, 1, 2, 3, 4, 5) });
    expect(training.labels).toEqual(Uint8Array.of(9, 0, 1));
    expect(test).toMatchObject({ count: 2, pixels: Uint8Array.of(6, 7, 8, 9), labels: Uint8Array.of(2, 3) });
  });

  test("a label above 9 is named with its place", async () => {
    await put("train-labels-idx1-ubyte", [3], [9, 10, 1]);
    await expectFault(
      `IDX file ${join(folder, "train-labels-idx1-ubyte")}: label 1 is 10, expected 0 to 9; check that it holds the labels`,
    );
  });

  test("counts of images and labels that differ are both named", async () => {
    await put("t10k-labels.idx1-ubyte", [3], [1, 2, 3]);
    await expectFault(
      `IDX files ${join(folder, "t10k-images.idx3-ubyte")} and ${join(folder, "t10k-labels.idx1-ubyte")} do not fit together`,
      "2 images and 3 labels, expected as many of both; check that the two files belong together",
    );
  });

  test("a set without pixels is refused", async () => {
    await put("t10k-images.idx3-ubyte", [0, 1, 2], []);
    await put("t10k-labels.idx1-ubyte", [0], []);
    await expectFault(
      `IDX file ${join(folder, "t10k-images.idx3-ubyte")} holds 0 images of 1 x 2 pixels, expected at least one pixel`,
      "check that it is the right file",
    );
  });

  test("training and test images of two sizes are refused", async () => {
    await put("t10k-images.idx3-ubyte", [2, 2, 1], [6, 7, 8, 9]);
    await expectFault(
      `Digits in ${folder}: training images are 1 x 2 pixels and test images 2 x 1, expected one size; check`,
    );
  });

  test("a missing file is named in both spellings, and a compressed one is recognised", async () => {
    await rm(join(folder, "train-labels-idx1-ubyte"));
    await expectFault(
      `Digits: ${join(folder, "train-labels-idx1-ubyte")} is missing, expected it or train-labels.idx1-ubyte; put the four`,
    );
    await put("train-labels.idx1-ubyte.gz", [3], [1, 2, 3]);
    await expectFault(
      "is missing, expected it or train-labels.idx1-ubyte; unpack train-labels.idx1-ubyte.gz with gunzip",
    );
  });

  test.each([["MNIST/raw"], ["raw"], ["digits"]])("files in the folder %s below are pointed to", async (inner) => {
    const names = await readdir(folder);
    await mkdir(join(folder, inner), { recursive: true });
    for (const name of names) await rename(join(folder, name), join(folder, inner, name));
    await expectFault(
      `Digits: ${join(folder, "train-images-idx3-ubyte")} is missing, expected it or train-images.idx3-ubyte; ` +
        `did you mean ${join(folder, inner)}?`,
    );
  });

  test("a folder that is missing or none is named", async () => {
    const missing = loadDigits({ directory: join(folder, "none") });
    await expect(missing).rejects.toThrow(DataError);
    await expect(missing).rejects.toThrow(
      `Digits: ${join(folder, "none")} does not exist; expected a folder with the four IDX files of MNIST, or leave it out`,
    );
    const file = loadDigits({ directory: join(folder, "train-images-idx3-ubyte") });
    await expect(file).rejects.toThrow(DataError);
    await expect(file).rejects.toThrow("train-images-idx3-ubyte cannot be listed as a folder; expected a folder with");
  });
});
