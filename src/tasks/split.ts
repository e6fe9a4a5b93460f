import { randomStream } from "../compute/random.ts";
import { UsageError } from "../kinds/errors.ts";
import { type LabelledImages, subset } from "./images/images.ts";

/** How to divide training images. */
interface SplitOptions {
  /** Seed of the run. */
  readonly seed: number;
  /** Images to set aside for validation; 0 for none. */
  readonly validation: number;
  /** Images to train on, at least 1; absent: all that are not set aside. */
  readonly limit?: number | undefined;
}

/**
 * Divides training images at random, without overlap: in the order of the stream "split", the first `validation` images
 * are set aside and the next `limit` are trained on. With the same seed and `validation`, a smaller `limit` gives the
 * first images of a larger one.
 *
 * @throws UsageError where a count is no integer in its range, or there are too few images for both
 */
export function splitTraining(
  images: LabelledImages,
  { seed, validation, limit }: SplitOptions,
): { training: LabelledImages; validation: LabelledImages } {
  checkCount(images, "validation", validation, 0);
  if (limit !== undefined) checkCount(images, "limit", limit, 1);
  if (validation + (limit ?? 1) > images.count) {
    throw new UsageError(
      `Split of ${images.name}: validation ${validation} and limit ${limit ?? "(all the rest, at least 1)"} exceed the ` +
        `${images.count} images; lower one of them`,
    );
  }
  const order = randomStream(seed, "split").permutation(images.count);
  const end = limit === undefined ? images.count : validation + limit;
  return {
    training: subset(images, order.subarray(validation, end)),
    validation: subset(images, order.subarray(0, validation), `${images.name} for validation`),
  };
}

function checkCount(images: LabelledImages, field: string, given: number, least: number): void {
  if (Number.isInteger(given) && given >= least) return;
  throw new UsageError(
    `Split of ${images.name}: ${field} is ${given}, expected an integer from ${least} to ${images.count}; ` +
      "give a whole number of images",
  );
}
