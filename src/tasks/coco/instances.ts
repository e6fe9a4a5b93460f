import * as z from "zod";
import { DataError } from "../../kinds/errors.ts";
import { parsePlain } from "../../kinds/plain-data.ts";
import type { Sources } from "../sources.ts";
import { readJson } from "./json-text.ts";
import { type Skipped, type SkipReason, skip } from "./skipped.ts";

/** What an entry is referred to by. */
const Id = z.union([z.int(), z.string()]);

const ImageEntry = z.object({
  id: Id,
  file_name: z.string().min(1),
  width: z.int().min(1),
  height: z.int().min(1),
});

const AnnotationEntry = z.object({
  image_id: Id,
  category_id: Id,
  // Outlines are nearly all of a file of half a gigabyte: they are judged when an image is shown.
  segmentation: z.unknown().optional(),
  iscrowd: z.union([z.boolean(), z.int()]).nullish(),
});

const CategoryEntry = z.object({ id: Id, supercategory: z.string().nullish() });

const Lists = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.array(z.unknown()),
});

export type Id = z.infer<typeof Id>;
export type ImageEntry = z.infer<typeof ImageEntry>;
/** An entry of an object, and its place in the list of the file. */
export type Annotation = z.infer<typeof AnnotationEntry> & { readonly place: number };
type Category = z.infer<typeof CategoryEntry>;

/** What is read of a file of instances in COCO's format; whatever else it holds is left out. */
export interface Instances {
  readonly images: readonly ImageEntry[];
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
}

/**
 * Reads a file of instances in COCO's format. An entry that lacks a field, or has one of another kind, is left out and
 * counted, so that one odd entry does not refuse a file of 100,000.
 *
 * Source: Lin et al., Microsoft COCO: common objects in context, 2014.
 *
 * @param skipped counts the entries that are left out
 * @throws DataError naming the file where it cannot be read or is no JSON, and the list that is missing or none
 */
export async function readInstances(path: string, skipped: Skipped, sources?: Sources): Promise<Instances> {
  const parsed = parsePlain(Lists, await readJson(path, sources));
  if ("fault" in parsed)
    throw new DataError(`COCO file ${path}: ${parsed.fault}; check that it is an instances_*.json in COCO's format`);
  const { images, annotations, categories } = parsed.value;
  const read = <T>(schema: z.ZodType<T>, list: string, entries: readonly unknown[], reason: SkipReason) =>
    readable(schema, list, entries, reason, skipped);
  return {
    categories: read(CategoryEntry, "categories", categories, "brokenCategory").map(({ entry }) => entry),
    images: read(ImageEntry, "images", images, "brokenImage").map(({ entry }) => entry),
    annotations: read(AnnotationEntry, "annotations", annotations, "brokenAnnotation").map(({ entry, place }) => ({
      ...entry,
      place,
    })),
  };
}

function readable<T>(
  schema: z.ZodType<T>,
  list: string,
  entries: readonly unknown[],
  reason: SkipReason,
  skipped: Skipped,
): { entry: T; place: number }[] {
  const found: { entry: T; place: number }[] = [];
  entries.forEach((data, place) => {
    const { success, data: entry } = schema.safeParse(data);
    if (success) found.push({ entry, place });
    else skip(skipped, reason, () => `${list}.${place}, ${faultOf(schema, data)}`);
  });
  return found;
}

function faultOf(schema: z.ZodType, data: unknown): string {
  const parsed = parsePlain(schema, data);
  return "fault" in parsed ? parsed.fault : "";
}
