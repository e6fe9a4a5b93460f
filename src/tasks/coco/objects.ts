import { DataError } from "../../kinds/errors.ts";
import type { Annotation, Id, ImageEntry } from "./instances.ts";
import { fillPolygon } from "./polygon.ts";
import { runLengthMask } from "./run-length.ts";
import { type Segmentation, segmentationOf } from "./segmentation.ts";
import { type Skipped, skip } from "./skipped.ts";

/** An object of an image. */
export interface MaskedObject {
  readonly label: number;
  /** 1 on the object, [size, size]. */
  readonly mask: Uint8Array;
  /** Pixels of the mask. */
  readonly area: number;
}

/**
 * The objects of an image as masks of size x size pixels, to which the image is stretched.
 *
 * @param labels by category
 * @param skipped counts what cannot be used
 */
export function objectsOf(
  image: ImageEntry,
  annotations: readonly Annotation[],
  labels: ReadonlyMap<Id, number>,
  size: number,
  skipped: Skipped,
): MaskedObject[] {
  const objects: MaskedObject[] = [];
  for (const { iscrowd, category_id, segmentation, place } of annotations) {
    const label = labels.get(category_id);
    const outline = segmentationOf(segmentation);
    if (iscrowd) skip(skipped, "crowd");
    else if (label === undefined) skip(skipped, "otherCategory");
    else if (outline === "empty") skip(skipped, "emptySegmentation");
    else {
      const mask = outline === "broken" ? undefined : maskOf(outline, image, size);
      const area = mask?.reduce((sum, value) => sum + value, 0);
      if (mask === undefined) skip(skipped, "brokenSegmentation", () => `annotations.${place}`);
      else if (!area) skip(skipped, "noPixels");
      else objects.push({ label, mask, area });
    }
  }
  return objects;
}

/**
 * The largest objects that do not overlap: the largest one and then, in order of their areas, each that shares no pixel with
 * those taken. Where that gives too few, the next largest begins.
 *
 * @param wanted objects to take at most
 * @param fewest objects to take at least
 * @returns nothing where there are fewer than `fewest`
 */
export function largestApart(
  objects: readonly MaskedObject[],
  wanted: number,
  fewest: number,
): readonly MaskedObject[] | undefined {
  const byArea = [...objects].sort((a, b) => b.area - a.area);
  let best: MaskedObject[] = [];
  for (let start = 0; start < byArea.length && best.length < wanted; start++) {
    const taken: MaskedObject[] = [];
    for (const object of byArea.slice(start)) {
      if (taken.length < wanted && taken.every((other) => !overlap(object.mask, other.mask))) taken.push(object);
    }
    if (taken.length > best.length) best = taken;
  }
  return best.length >= Math.max(1, fewest) ? best : undefined;
}

const overlap = (a: Uint8Array, b: Uint8Array): boolean => a.some((value, pixel) => value === 1 && b[pixel] === 1);

/** The mask in the scene's size; nothing where run lengths are not those of the image. */
function maskOf(segmentation: Segmentation, { height, width }: ImageEntry, size: number): Uint8Array | undefined {
  if ("counts" in segmentation) {
    try {
      return resampled(runLengthMask(segmentation, height, width), height, width, size);
    } catch (error) {
      if (error instanceof DataError) return undefined;
      throw error;
    }
  }
  const mask = { values: new Uint8Array(size * size), height: size, width: size };
  for (const corners of segmentation) fillPolygon(mask, corners, size / width, size / height);
  return mask.values;
}

/** Every pixel takes the value at its centre. */
function resampled(mask: Uint8Array, height: number, width: number, size: number): Uint8Array {
  const place = (index: number, length: number) => Math.floor(((index + 0.5) * length) / size);
  return Uint8Array.from(
    { length: size * size },
    (_, pixel) => mask[place(Math.floor(pixel / size), height) * width + place(pixel % size, width)]!,
  );
}
