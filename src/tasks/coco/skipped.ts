/** Why an entry, an object or an image of a folder is not shown, in words. */
const skipReasons = {
  brokenCategory: "entries of categories that cannot be read",
  brokenImage: "entries of images that cannot be read",
  brokenAnnotation: "entries of objects that cannot be read",
  crowd: "objects marked as crowds",
  otherCategory: "objects of no known super-category",
  emptySegmentation: "objects without a segmentation",
  brokenSegmentation: "objects with a segmentation that cannot be read",
  noPixels: "objects that cover no pixel",
  unknownImage: "objects of an image that is not listed",
  fewObjects: "images with too few objects that do not overlap",
  missingImage: "images whose file is missing or cannot be read",
  otherFormat: "images in another format than jpeg, png, webp, gif, tiff or avif",
  tooLarge: "images that are too large",
  tooSlow: "images that take too long to decode",
  corruptImage: "images that cannot be decoded",
  otherSize: "images of another size than listed",
} as const;

export type SkipReason = keyof typeof skipReasons;

/** How many were left out for one reason, and which was the first, in words where that helps to find it. */
interface LeftOut {
  count: number;
  readonly first?: string;
}

/** How many entries, objects and images were left out, by reason; reasons that did not occur are absent. */
export type Skipped = Partial<Record<SkipReason, LeftOut>>;

/**
 * Counts one more.
 *
 * @param which says which one it is; called for the first of a reason alone
 */
export function skip(skipped: Skipped, reason: SkipReason, which?: () => string): undefined {
  const before = skipped[reason];
  if (before) before.count++;
  else skipped[reason] = { count: 1, ...(which && { first: which() }) };
}

/**
 * "objects without a segmentation (1), images that cannot be decoded (3, the first: "a.png")"; "nothing" where there is
 * none.
 */
export function describeSkipped(skipped: Skipped): string {
  const told = Object.entries(skipReasons).flatMap(([reason, words]) => {
    const left = skipped[reason as SkipReason];
    return left ? [`${words} (${numberOf(left)})`] : [];
  });
  return told.join(", ") || "nothing";
}

function numberOf({ count, first }: LeftOut): string {
  if (first === undefined) return String(count);
  return count === 1 ? `1: ${first}` : `${count}, the first: ${first}`;
}
