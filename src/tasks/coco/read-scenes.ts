import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageDecoder } from "./decode-image.ts";
import type { CocoFolder } from "./folder.ts";
import type { ImageEntry } from "./instances.ts";
import { largestApart, objectsOf } from "./objects.ts";
import { type Skipped, skip } from "./skipped.ts";

/** An image with its objects, ready to be shown. */
export interface CocoScene {
  /** Levels 0 ... 255 of red, green and blue, [size, size, 3]. */
  readonly pixels: Uint8Array;
  /** 0 on the background, k + 1 on object k, [size, size]. */
  readonly owners: Uint8Array;
  /** Classes of the objects, the largest first. */
  readonly labels: readonly number[];
}

/** What a scene is to be. */
export interface SceneRequest {
  /** Height and width in pixels. */
  readonly size: number;
  /** Objects to show at most and at least. */
  readonly objects: number;
  readonly fewestObjects: number;
}

/** What happened while scenes were read. */
export interface ReadingRecord {
  readonly skipped: Skipped;
  /** Images whose grey levels or 16 bits were converted. */
  converted: number;
}

/** Images that are read at a time. */
const AT_ONCE = 16;

/**
 * Reads scenes in the order of their images until there are enough.
 *
 * @param enough scenes to read at most
 * @param record what is left out or converted is counted here
 */
export async function readScenes(
  folder: CocoFolder,
  images: readonly ImageEntry[],
  enough: number,
  request: SceneRequest,
  decode: ImageDecoder,
  record: ReadingRecord,
): Promise<CocoScene[]> {
  const scenes: CocoScene[] = [];
  for (let start = 0; start < images.length && scenes.length < enough; start += AT_ONCE) {
    const read = images.slice(start, start + AT_ONCE).map((image) => readScene(folder, image, request, decode, record));
    scenes.push(...(await Promise.all(read)).filter((scene) => scene !== undefined));
  }
  return scenes.slice(0, enough);
}

async function readScene(
  { annotations, labels, imageFolders }: CocoFolder,
  image: ImageEntry,
  { size, objects, fewestObjects }: SceneRequest,
  decode: ImageDecoder,
  record: ReadingRecord,
): Promise<CocoScene | undefined> {
  const { skipped } = record;
  const found = objectsOf(image, annotations.get(image.id)!, labels, size, skipped);
  const shown = largestApart(found, objects, fewestObjects);
  if (shown === undefined) return skip(skipped, "fewObjects");
  const bytes = await firstReadable(imageFolders.map((folder) => join(folder, image.file_name)));
  if (bytes === undefined) return skip(skipped, "missingImage");
  const decoded = await decode(bytes, size);
  if (decoded === undefined) return skip(skipped, "corruptImage");
  if (decoded.height !== image.height || decoded.width !== image.width) return skip(skipped, "otherSize");
  if (decoded.converted) record.converted++;
  const owners = new Uint8Array(size * size);
  shown.forEach(({ mask }, object) => {
    mask.forEach((value, pixel) => {
      if (value === 1) owners[pixel] = object + 1;
    });
  });
  return { pixels: decoded.pixels, owners, labels: shown.map(({ label }) => label) };
}

async function firstReadable(paths: readonly string[]): Promise<Uint8Array | undefined> {
  for (const path of paths) {
    try {
      return await readFile(path);
    } catch {
      // It may be in the next folder.
    }
  }
  return undefined;
}
