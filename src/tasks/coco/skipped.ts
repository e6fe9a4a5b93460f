/** Why an object or an image of a folder is not shown, in words. */
export const skipReasons = {
  crowd: "objects marked as crowds",
  otherCategory: "objects of no known super-category",
  emptySegmentation: "objects without a segmentation",
  brokenSegmentation: "objects with a segmentation that cannot be read",
  noPixels: "objects that cover no pixel",
  unknownImage: "objects of an image that is not listed",
  fewObjects: "images with too few objects that do not overlap",
  missingImage: "images whose file is missing or cannot be read",
  corruptImage: "images that cannot be decoded",
  otherSize: "images of another size than listed",
} as const;

export type SkipReason = keyof typeof skipReasons;

/** How many objects and images were left out, by reason; reasons that did not occur are absent. */
export type Skipped = Partial<Record<SkipReason, number>>;

/** Counts one more. */
export function skip(skipped: Skipped, reason: SkipReason): undefined {
  skipped[reason] = (skipped[reason] ?? 0) + 1;
}

/** "objects without a segmentation (1), images that cannot be decoded (3)"; "nothing" where nothing was left out. */
export function describeSkipped(skipped: Skipped): string {
  const told = Object.entries(skipReasons).filter(([reason]) => skipped[reason as SkipReason]);
  return told.map(([reason, words]) => `${words} (${skipped[reason as SkipReason]})`).join(", ") || "nothing";
}
