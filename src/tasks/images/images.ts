import { UsageError } from "../../kinds/errors.ts";

/** Images with one class label each, as bytes. Images of a set share one size. */
export interface LabelledImages {
  /** What the set is called in messages, such as "training digits". */
  readonly name: string;
  /**
   * Grey or colour levels 0 ... 255, channels last: [count, height, width, channels], row-major. So the input units of an
   * image are ordered by row, then column, then channel, as the units of every spatial map are.
   */
  readonly pixels: Uint8Array;
  /** Class of each image, 0 ... classes - 1, [count]. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 for grey levels, 3 for red, green and blue. */
  readonly channels: number;
  readonly classes: number;
}

/** Pixels of one image over all channels: the number of input units that it drives. */
function unitsOf(images: Pick<LabelledImages, "height" | "width" | "channels">): number {
  return images.height * images.width * images.channels;
}

/**
 * The images at the given places, copied in the given order; a place may be named more than once.
 *
 * @param indices places in `images`, integers from 0 to count - 1
 * @param name what the new set is called; the name of `images` by default
 * @throws UsageError where an index is not a place in `images`
 */
export function subset(images: LabelledImages, indices: ArrayLike<number>, name = images.name): LabelledImages {
  const units = unitsOf(images);
  const pixels = new Uint8Array(indices.length * units);
  const labels = new Uint8Array(indices.length);
  for (let place = 0; place < indices.length; place++) {
    const index = indices[place]!;
    if (!Number.isInteger(index) || index < 0 || index >= images.count) {
      throw new UsageError(
        `Subset of ${images.name}: index ${index} at position ${place} is not an image; ` +
          `give integers from 0 to ${images.count - 1}`,
      );
    }
    pixels.set(images.pixels.subarray(index * units, (index + 1) * units), place * units);
    labels[place] = images.labels[index]!;
  }
  return { ...images, name, pixels, labels, count: indices.length };
}
