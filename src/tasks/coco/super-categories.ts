import type { Id, Instances } from "./instances.ts";

/** COCO's super-categories; their places are the labels. */
export const superCategories: readonly string[] = [
  "person",
  "vehicle",
  "outdoor",
  "animal",
  "accessory",
  "sports",
  "kitchen",
  "food",
  "furniture",
  "electronic",
  "appliance",
  "indoor",
];

/** The label of every category of a file by its id; categories of no known super-category are left out. */
export function labelsOfCategories({ categories }: Instances): ReadonlyMap<Id, number> {
  const labelled = categories.map(
    ({ id, supercategory }) => [id, superCategories.indexOf(supercategory ?? "")] as const,
  );
  return new Map(labelled.filter(([, label]) => label >= 0));
}
