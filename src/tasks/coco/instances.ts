import { readFile } from "node:fs/promises";
import * as z from "zod";
import { DataError, firstLine } from "../../compute/errors.ts";
import { parsePlain } from "../../compute/plain-data.ts";
import type { RunLengths } from "./run-length.ts";

/** Outline of an object: polygons of its parts, or run lengths. */
export type Segmentation = readonly (readonly number[])[] | RunLengths;

const numbers = (value: unknown): boolean => Array.isArray(value) && value.every(Number.isFinite);

/** By a check that copies nothing: the polygons are nearly all of a file of half a gigabyte. */
const Segmentation = z.custom<Segmentation>((value) => {
  if (Array.isArray(value)) return value.every(numbers);
  const { size, counts } = (value ?? {}) as Partial<Record<keyof RunLengths, unknown>>;
  return numbers(size) && (size as number[]).length === 2 && (typeof counts === "string" || numbers(counts));
}, 'expected polygons [[x, y, ...], ...] or run lengths {"size": [height, width], "counts": ...}');

/** What is read of a file of instances in COCO's format; whatever else it holds is left out. */
const Instances = z.object({
  images: z.array(
    z.object({ id: z.int(), file_name: z.string().min(1), width: z.int().min(1), height: z.int().min(1) }),
  ),
  annotations: z.array(
    z.object({
      image_id: z.int(),
      category_id: z.int(),
      segmentation: Segmentation.nullish(),
      iscrowd: z.int().default(0),
    }),
  ),
  categories: z.array(z.object({ id: z.int(), name: z.string(), supercategory: z.string().optional() })),
});

export type Instances = z.infer<typeof Instances>;
export type ImageEntry = Instances["images"][number];
export type Annotation = Instances["annotations"][number];

/**
 * Reads a file of instances in COCO's format.
 *
 * Source: Lin et al., Microsoft COCO: common objects in context, 2014.
 *
 * @throws DataError naming the file and the field where it cannot be read, is no JSON, or a field is missing or of another
 *   kind
 */
export async function readInstances(path: string): Promise<Instances> {
  const parsed = parsePlain(Instances, parseJson(path, await read(path)));
  if ("value" in parsed) return parsed.value;
  throw new DataError(`COCO file ${path}: ${parsed.fault}; check that it is an instances_*.json in COCO's format`);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new DataError(
      `COCO file ${path} cannot be read (${firstLine(cause)}); expected a readable file of instances, check its name and ` +
        "rights",
      { cause },
    );
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError(
      `COCO file ${path} is not JSON (${firstLine(cause)}); it may be cut off, fetch or export it again`,
      { cause },
    );
  }
}
