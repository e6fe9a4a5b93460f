import * as z from "zod";
import { UsageError } from "../compute/errors.ts";
import { parseDescription } from "../compute/plain-data.ts";
import { loadCifar10 } from "./cifar10.ts";
import type { DataSet } from "./data-set.ts";
import { loadDigits } from "./digits.ts";
import { type LabelledImages, subset, unitsOf } from "./images.ts";
import { splitTraining } from "./split.ts";

/** What every task on labelled images may be told. */
const shared = {
  /** Folder with the files of the data set; absent: where the loader of the kind looks for them. */
  data: z.string().optional(),
  /** Training images set aside for validation. */
  validation: z.int().min(0).default(0),
  /** Training images to use, the first of the seeded order; absent: all that are not set aside. */
  limit: z.int().min(1).optional(),
  /** Test images to use, the first ones; absent: all. */
  testLimit: z.int().min(1).optional(),
};

/** A task as plain data: what is needed to load it again, and nothing that is loaded. */
export const TaskDescription = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("digits"), ...shared }),
  z.strictObject({ kind: z.literal("cifar10"), ...shared }),
]);
export type TaskDescription = z.infer<typeof TaskDescription>;

/** What `digits` and `cifar10` may be given. */
export type TaskOptions = Omit<z.input<typeof TaskDescription>, "kind">;

/** How the data of each kind are read. */
const loaders: Readonly<
  Record<TaskDescription["kind"], (source: { directory?: string | undefined }) => Promise<DataSet>>
> = { digits: loadDigits, cifar10: loadCifar10 };

/** A task that is loaded: images, their classes, and the units that a circuit needs to see and report them. */
export interface Task {
  readonly name: string;
  /** Input units, ordered by row, column, channel: height x width x channels, 784 for MNIST, 3072 for CIFAR-10. */
  readonly units: number;
  /** Output units, 10. */
  readonly classes: number;
  /** What each class is called, by its label. */
  readonly classNames: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly training: LabelledImages;
  /** Set aside from the training images; empty where the description says 0. */
  readonly validation: LabelledImages;
  readonly test: LabelledImages;
}

/**
 * The description of the task to name handwritten digits, those of MNIST unless `data` names a folder with others.
 *
 * @param options folder of the data, images for validation (default 0), training and test images to use (default all)
 * @throws DescriptionError naming the option that is unknown or out of range
 */
export function digits(options: TaskOptions = {}): TaskDescription {
  return parseDescription("task", TaskDescription, { ...options, kind: "digits" });
}

/**
 * The description of the task to name what is on the photographs of CIFAR-10.
 *
 * @param options folder of the data (default: as `defaultCifar10Folder` says when the task is loaded), images for validation
 *   (default 0), training and test images to use (default all)
 * @throws DescriptionError naming the option that is unknown or out of range
 */
export function cifar10(options: TaskOptions = {}): TaskDescription {
  return parseDescription("task", TaskDescription, { ...options, kind: "cifar10" });
}

/**
 * Reads the data of a task and divides it.
 *
 * @param description from `digits` or `cifar10`, or the same as plain data
 * @param seed the seed of the run; it decides which training images are used and which are set aside
 * @throws DescriptionError where the description is not one
 * @throws DataError as `loadDigits` and `loadCifar10` do
 * @throws UsageError where more images are asked for than there are
 */
export async function loadTask(description: z.input<typeof TaskDescription>, seed: number): Promise<Task> {
  const { kind, data, validation, limit, testLimit } = parseDescription("task", TaskDescription, description);
  const loaded = await loaders[kind]({ directory: data });
  if (testLimit !== undefined && testLimit > loaded.test.count) {
    throw new UsageError(
      `Task ${kind}: testLimit is ${testLimit} and there are ${loaded.test.count} test images; lower it or leave it out`,
    );
  }
  const { height, width, channels, classes } = loaded.training;
  return {
    name: kind,
    units: unitsOf(loaded.training),
    classes,
    classNames: loaded.classNames,
    height,
    width,
    channels,
    ...splitTraining(loaded.training, { seed, validation, limit }),
    test:
      testLimit === undefined
        ? loaded.test
        : subset(
            loaded.test,
            Uint32Array.from({ length: testLimit }, (_, i) => i),
          ),
  };
}
