import { ShapeError, UsageError } from "../compute/errors.ts";
import { randomStream } from "../compute/random.ts";
import { type LabelledImages, unitsOf } from "./images.ts";
import { standardise } from "./stimuli.ts";

export { checkStimuli, standardise } from "./stimuli.ts";

/** What one step of training or evaluation is fed. Shapes are those of the plan, so a short batch is padded. */
export interface Batch {
  /** Standardised pixels in the order of the images (row, column, channel), [batch, units]; padding is 0. */
  readonly stimuli: Float32Array;
  /** Class index as a float, [batch]; padding is 0. */
  readonly labels: Float32Array;
  /** Share of each sample in the batch's mean, [batch]: 1 / count, 0 for padding. */
  readonly weights: Float32Array;
  /** Samples that are not padding; they come first. */
  count: number;
}

/** An empty batch, to be filled again and again through `into`. */
export function allocateBatch(batch: number, units: number): Batch {
  return {
    stimuli: new Float32Array(batch * units),
    labels: new Float32Array(batch),
    weights: new Float32Array(batch),
    count: 0,
  };
}

/**
 * The batches of training: every epoch visits each image once, in an order of its own.
 *
 * A batch depends on the seed and the global step alone and on nothing composed before, so a run that goes on from a
 * checkpoint sees the batches it would have seen.
 */
export class BatchSequence {
  /** ceil(images / batch); where it does not divide evenly the last batch of an epoch is padded. */
  readonly stepsPerEpoch: number;
  readonly images: LabelledImages;
  readonly batch: number;
  readonly seed: number;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array(0);

  /** @throws UsageError where the batch size is not a positive integer or there are no images */
  constructor(images: LabelledImages, batch: number, seed: number) {
    checkBatchSize(images, batch);
    this.images = images;
    this.batch = batch;
    this.seed = seed;
    this.stepsPerEpoch = Math.ceil(images.count / batch);
  }

  /**
   * The batch of a global step: in epoch e = floor(step / stepsPerEpoch), the images follow the stream
   * "batches/epoch-e".
   *
   * @param step steps before this one since training began, an integer from 0 on
   * @param into a batch of the same shape to overwrite; absent: a new one
   * @throws UsageError where the step is not an integer from 0 on
   * @throws ShapeError where `into` has another shape
   */
  compose(step: number, into?: Batch): Batch {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new UsageError(
        `Batches of ${this.images.name}: step is ${step}, expected an integer from 0 on; count steps from the first batch`,
      );
    }
    const start = (step % this.stepsPerEpoch) * this.batch;
    const order = this.#orderOf(Math.floor(step / this.stepsPerEpoch));
    return fill(this.images, order.subarray(start, start + this.batch), this.batch, into);
  }

  #orderOf(epoch: number): Uint32Array {
    if (epoch !== this.#epoch) {
      this.#order = randomStream(this.seed, `batches/epoch-${epoch}`).permutation(this.images.count);
      this.#epoch = epoch;
    }
    return this.#order;
  }
}

/**
 * The batches of an evaluation: images in their order, each once, the last batch padded.
 *
 * @param limit images to take at most, from the first; absent: all
 * @param into a batch to overwrite at every step, so that each is gone when the next one is asked for
 * @throws UsageError at once where a count is not a positive integer or there are no images
 * @throws ShapeError when the first batch is asked for, where `into` has another shape
 */
export function sequentialBatches(
  images: LabelledImages,
  batch: number,
  limit?: number,
  into?: Batch,
): IterableIterator<Batch> {
  checkBatchSize(images, batch);
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
    throw new UsageError(
      `Batches of ${images.name}: limit is ${limit}, expected an integer from 1 on; leave it out to take all ` +
        `${images.count} images`,
    );
  }
  return inOrder(images, batch, Math.min(limit ?? images.count, images.count), into);
}

function* inOrder(images: LabelledImages, batch: number, end: number, into?: Batch): IterableIterator<Batch> {
  for (let start = 0; start < end; start += batch) {
    const length = Math.min(batch, end - start);
    yield fill(
      images,
      Uint32Array.from({ length }, (_, offset) => start + offset),
      batch,
      into,
    );
  }
}

function fill(images: LabelledImages, indices: Uint32Array, batch: number, into?: Batch): Batch {
  const units = unitsOf(images);
  const filled = into ?? allocateBatch(batch, units);
  const { stimuli, labels, weights } = filled;
  if (stimuli.length !== batch * units || labels.length !== batch || weights.length !== batch) {
    throw new ShapeError(
      `Batch to overwrite: stimuli, labels and weights have ${stimuli.length}, ${labels.length} and ` +
        `${weights.length} values, expected ${batch * units} (${batch} x ${units}), ${batch} and ${batch}; ` +
        "allocate it for this batch size and image size",
    );
  }
  filled.count = indices.length;
  for (let sample = 0; sample < indices.length; sample++) {
    const source = indices[sample]! * units;
    const target = sample * units;
    for (let unit = 0; unit < units; unit++) stimuli[target + unit] = standardise(images.pixels[source + unit]!);
    labels[sample] = images.labels[indices[sample]!]!;
  }
  // Padding is written too: a batch that is overwritten may hold the samples of a full one.
  stimuli.fill(0, indices.length * units);
  labels.fill(0, indices.length);
  weights.fill(1 / indices.length, 0, indices.length).fill(0, indices.length);
  return filled;
}

function checkBatchSize(images: LabelledImages, batch: number): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new UsageError(
      `Batches of ${images.name}: the batch size is ${batch}, expected an integer from 1 on; 128 is usual`,
    );
  }
  if (images.count === 0) {
    throw new UsageError(
      `Batches of ${images.name}: there are 0 images, expected at least 1; give a set that holds some`,
    );
  }
}
