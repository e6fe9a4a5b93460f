import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { superCategories } from "../../../src/tasks/coco/super-categories.ts";

/** Height and width of the photographs of a small folder, before they are stretched. */
export const height = 30;
export const width = 40;

/** An annotation as COCO writes it, or as tools do. */
export interface WrittenAnnotation {
  image_id: unknown;
  category_id: unknown;
  segmentation?: unknown;
  iscrowd?: unknown;
}

/** The corners of a rectangle. */
export const rectangle = (left: number, top: number, right: number, bottom: number): number[] => [
  ...[left, top],
  ...[right, top],
  ...[right, bottom],
  ...[left, bottom],
];

/** Two objects of an image that do not overlap, of the categories given. */
export const twoObjects = (image: unknown, first = 1, second = 4): WrittenAnnotation[] => [
  { image_id: image, category_id: first, segmentation: [rectangle(2, 3, 18, 27)] },
  { image_id: image, category_id: second, segmentation: [rectangle(22, 6, 38, 24)] },
];

/** Categories 1 to 12, one of every super-category. */
export const categories = superCategories.map((supercategory, label) => ({
  id: label + 1,
  name: `a ${supercategory}`,
  supercategory,
}));

/** An encoded photograph: `colour` all over but for a bright rectangle where the first of two objects is. */
export async function photograph(
  format: "png" | "jpeg",
  colour = [60, 90, 120],
  { grey = false, deep = false, high = height } = {},
): Promise<Uint8Array> {
  const channels = grey ? 1 : 3;
  const pixels = Uint8Array.from({ length: high * width * channels }, (_, unit) => {
    const [row, column] = [Math.floor(unit / (channels * width)), Math.floor(unit / channels) % width];
    return row >= 3 && row < 27 && column >= 2 && column < 18 ? 240 : colour[unit % channels]!;
  });
  const [plain, sixteen] = grey ? ["b-w", "grey16"] : ["srgb", "rgb16"];
  return sharp(pixels, { raw: { width, height: high, channels } })
    .toColourspace(deep ? sixteen! : plain!)
    .toFormat(format, format === "jpeg" ? { quality: 95 } : {})
    .toBuffer();
}

/** What is in a small folder. */
export interface SmallFolder {
  /** Encoded images by name. */
  images: Record<string, Uint8Array>;
  annotations: WrittenAnnotation[];
  /** Entries of the list of images; by default the images in order, with ids from 1. */
  entries?: { id: unknown; file_name: unknown; width: unknown; height: unknown }[];
}

/** The list of images that `SmallFolder` has by default. */
export const entriesOf = (names: readonly string[]): NonNullable<SmallFolder["entries"]> =>
  names.map((file_name, index) => ({ id: index + 1, file_name, width, height }));

/** Writes a folder in COCO's format. */
export async function writeFolder(
  folder: string,
  { images, annotations, entries = entriesOf(Object.keys(images)) }: SmallFolder,
  { file = "instances_small.json", imagesIn = ["."], encoded = (text: string): string | Uint8Array => text } = {},
): Promise<void> {
  for (const place of imagesIn) {
    await mkdir(join(folder, place), { recursive: true });
    for (const [name, bytes] of Object.entries(images)) await writeFile(join(folder, place, name), bytes);
  }
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), encoded(JSON.stringify({ info: {}, images: entries, annotations, categories })));
}

/** A folder of `count` good photographs with two objects each; the blue of image n is 10 n. */
export async function goodFolder(count: number): Promise<SmallFolder> {
  const images: Record<string, Uint8Array> = {};
  for (let image = 0; image < count; image++) {
    const format = image % 2 === 0 ? "png" : "jpeg";
    images[`${image}.${format}`] = await photograph(format, [60, 90, 10 * image]);
  }
  return { images, annotations: Array.from({ length: count }, (_, image) => twoObjects(image + 1)).flat() };
}
