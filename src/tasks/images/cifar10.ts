import { join, resolve } from "pathe";
import { DataError } from "../../kinds/errors.ts";
import { platform } from "../../platform/node.ts";
import type { DataSet } from "../data-set.ts";
import { diskSources } from "../disk-sources.ts";
import { isMissing, type Sources } from "../sources.ts";
import { cifarChannels, cifarClasses, cifarSide, parseCifar10 } from "./cifar10-records.ts";
import type { LabelledImages } from "./images.ts";

/** Where the images come from. */
interface Cifar10Source {
  /** Folder of the binary version; absent: as `defaultCifar10Folder` says. */
  readonly directory?: string | undefined;
  /** Where files are read; absent: on the disk. */
  readonly sources?: Sources;
}

/** Names of the files of the binary version. */
export const cifar10Files = {
  training: Array.from({ length: 5 }, (_, index) => `data_batch_${index + 1}.bin`),
  test: "test_batch.bin",
  classNames: "batches.meta.txt",
} as const;

const folderName = "cifar-10-batches-bin";
const usualNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/**
 * The folder where CIFAR-10 is looked for and fetched to unless one is named: cifar-10-batches-bin in the folder that the
 * environment variable SULCUS_DATA names, else in "data" in the working directory.
 */
export function defaultCifar10Folder(dataFolder = platform.environment("SULCUS_DATA")): string {
  return resolve(dataFolder || "data", folderName);
}

/**
 * CIFAR-10: photographs of 32 x 32 pixels in three colours and ten classes, 50,000 for training and 10,000 for test.
 *
 * Read are data_batch_1.bin to data_batch_5.bin, as many of them as there are and at least one, test_batch.bin, and the
 * names of the classes from batches.meta.txt, if it is there.
 *
 * @throws DataError where the folder or a file is missing or damaged, as `parseCifar10` does, and where batches.meta.txt
 *   does not name ten classes
 */
export async function loadCifar10({ directory, sources = diskSources() }: Cifar10Source = {}): Promise<DataSet> {
  const folder = directory ?? defaultCifar10Folder();
  const present = await filesOf(folder, sources);
  const batches = cifar10Files.training.filter((file) => present.includes(file));
  if (batches.length === 0) throw missingFile(folder, "data_batch_1.bin to data_batch_5.bin are", present);
  if (!present.includes(cifar10Files.test)) throw missingFile(folder, `${cifar10Files.test} is`, present);
  const named = present.includes(cifar10Files.classNames);
  return {
    training: await readBatches("CIFAR-10 training images", folder, batches, sources),
    test: await readBatches("CIFAR-10 test images", folder, [cifar10Files.test], sources),
    classNames: named ? await readClassNames(join(folder, cifar10Files.classNames), sources) : usualNames,
    folder,
    files: [...batches, cifar10Files.test, ...(named ? [cifar10Files.classNames] : [])],
  };
}

async function readBatches(
  name: string,
  folder: string,
  files: readonly string[],
  sources: Sources,
): Promise<LabelledImages> {
  const batches = [];
  for (const file of files) {
    const path = join(folder, file);
    batches.push(parseCifar10(await read(path, sources), path));
  }
  const labels = joined(batches.map((batch) => batch.labels));
  return {
    name,
    pixels: joined(batches.map((batch) => batch.pixels)),
    labels,
    count: labels.length,
    height: cifarSide,
    width: cifarSide,
    channels: cifarChannels,
    classes: cifarClasses,
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

async function readClassNames(path: string, sources: Sources): Promise<string[]> {
  const lines = new TextDecoder().decode(await read(path, sources)).split("\n");
  const names = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (names.length === cifarClasses) return names;
  throw new DataError(
    `CIFAR-10 file ${path} names ${names.length} classes, expected ${cifarClasses}, one a line; mend it, or remove it to ` +
      "have the usual names",
  );
}

async function read(path: string, sources: Sources): Promise<Uint8Array> {
  try {
    return await sources.read(path);
  } catch (cause) {
    throw new DataError(
      `CIFAR-10 file ${path} cannot be read (${(cause as Error).message}); expected a readable file, check its kind and ` +
        "rights",
      { cause },
    );
  }
}

async function filesOf(folder: string, sources: Sources): Promise<readonly string[]> {
  try {
    return await sources.list(folder);
  } catch (cause) {
    throw new DataError(
      `CIFAR-10: the folder ${folder} ${isMissing(cause) ? "does not exist" : "cannot be listed as a folder"}; ${remedy(folder)}`,
      { cause },
    );
  }
}

function missingFile(folder: string, missing: string, present: readonly string[]): DataError {
  const inner = join(folder, folderName);
  return new DataError(
    `CIFAR-10: ${missing} missing in ${folder}; ` +
      (present.includes(folderName) ? `did you mean ${inner}?` : remedy(folder)),
  );
}

/** What to do where the data are not: this has to be enough for someone who has never heard of the data set's files. */
function remedy(folder: string): string {
  const where = folder === defaultCifar10Folder() ? "" : ` --to ${folder}`;
  return (
    `run sulcus data fetch cifar10${where}, or unpack cifar-10-binary.tar.gz and put its data_batch_1.bin to ` +
    `data_batch_5.bin and test_batch.bin there; another place is named by the task's data or, as the folder above ` +
    `${folderName}, by SULCUS_DATA`
  );
}
