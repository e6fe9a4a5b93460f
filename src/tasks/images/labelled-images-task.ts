import type * as z from "zod";
import { stimulusCount, stimulusCountOrNone } from "../../kinds/counts.ts";
import { UsageError } from "../../kinds/errors.ts";
import { dataFolder } from "../data-folder.ts";
import type { TrainingAndTestImages } from "../data-set.ts";
import { splitTraining } from "../split.ts";
import type { Task } from "../task.ts";
import { imageTrials } from "./image-trials.ts";
import { type LabelledImages, subset } from "./images.ts";

/** What every task on labelled images may be told about which of them it takes. */
export const divisionSettings = {
  /** Training images set aside for validation. */
  validation: stimulusCountOrNone.default(0),
  /** Training images to use, the first of the seeded order; absent: all that are not set aside. */
  limit: stimulusCount.optional(),
  /** Test images to use, the first ones; absent: all. */
  testLimit: stimulusCount.optional(),
};

/** The same where the images come from files. */
export const labelledImagesSettings = {
  /** Folder with the files of the data set; absent: where the loader of the kind looks for them. */
  data: dataFolder.optional(),
  ...divisionSettings,
};

type Settings = z.infer<z.ZodObject<typeof divisionSettings>>;

/**
 * Divides a data set as settings say.
 *
 * @param seed decides which training images are used and which are set aside
 * @throws UsageError where more images are asked for than there are
 */
export function divideImages(
  kind: string,
  { training, test }: TrainingAndTestImages,
  { validation, limit, testLimit }: Settings,
  seed: number,
): { training: LabelledImages; validation: LabelledImages; test: LabelledImages } {
  if (testLimit !== undefined && testLimit > test.count) {
    throw new UsageError(
      `Task ${kind}: testLimit is ${testLimit} and there are ${test.count} test images; lower it or leave it out`,
    );
  }
  return {
    ...splitTraining(training, { seed, validation, limit }),
    test:
      testLimit === undefined
        ? test
        : subset(
            test,
            Array.from({ length: testLimit }, (_, index) => index),
          ),
  };
}

/** The task to name what is on each image of a data set. */
export function labelledImagesTask(
  kind: string,
  loaded: TrainingAndTestImages,
  settings: Settings,
  seed: number,
): Task {
  const divided = divideImages(kind, loaded, settings, seed);
  return {
    name: kind,
    classes: loaded.training.classes,
    classNames: loaded.classNames,
    presentations: 1,
    training: imageTrials(divided.training),
    validation: imageTrials(divided.validation),
    test: imageTrials(divided.test),
  };
}
