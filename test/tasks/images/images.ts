import fc from "fast-check";
import type { LabelledImages } from "../../../src/tasks/images/images.ts";

/** Images whose first pixel tells which image it is (up to 256 of them), so that order and content can be followed. */
export function numberedImages(count: number, { channels = 1, height = 2, width = 3 } = {}): LabelledImages {
  const units = channels * height * width;
  const pixels = Uint8Array.from({ length: count * units }, (_, place) =>
    place % units === 0 ? place / units : (place * 7) % 256,
  );
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  return { name: "numbered images", pixels, labels, count, channels, height, width, classes: 10 };
}

/** Which images a set out of `numberedImages` holds, in its order. */
export function numbersOf(images: LabelledImages): number[] {
  const units = images.channels * images.height * images.width;
  return Array.from({ length: images.count }, (_, index) => images.pixels[index * units]!);
}

/** The bytes of an IDX file. */
export function idxBytes(shape: readonly number[], data: ArrayLike<number>, magic?: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set(magic ?? [0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((length, dimension) => {
    view.setUint32(4 + 4 * dimension, length);
  });
  bytes.set(Array.from(data), 4 + 4 * shape.length);
  return bytes;
}

/** Any seed of a run. */
export const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Numbers of images that `numberedImages` can tell apart. */
export const counts = fc.integer({ min: 1, max: 256 });
