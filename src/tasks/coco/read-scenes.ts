import { shown } from "../../kinds/shown.ts";
import type { Sources } from "../sources.ts";
import { type DecodedImage, type ImageDecoder, MAX_PIXELS, type Undecoded } from "./decode-image.ts";
import type { CocoFolder } from "./folder.ts";
import { type ImageFile, readImageFile } from "./image-file.ts";
import type { ImageEntry } from "./instances.ts";
import { largestApart, type MaskedObject, objectsOf } from "./objects.ts";
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
interface SceneRequest {
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
  /** Images that were turned by the orientation in their file, and those that were left as stored in spite of it. */
  turned: number;
  stored: number;
  /** Images whose names were read with / in the place of \\. */
  slashes: number;
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
  reader: ImageReader,
  record: ReadingRecord,
): Promise<CocoScene[]> {
  const scenes: CocoScene[] = [];
  for (let start = 0; start < images.length && scenes.length < enough; start += AT_ONCE) {
    const some = images.slice(start, start + AT_ONCE).flatMap((image) => {
      const objects = objectsToShow(folder, image, request, record.skipped);
      return objects ? [{ image, objects }] : [];
    });
    const read = await Promise.all(some.map(({ image }) => readImage(folder, image, request.size, reader)));
    // Counted in the order of the images, not in the order in which they were read.
    read.forEach((result, index) => {
      const { image, objects } = some[index]!;
      if ("fault" in result) skip(record.skipped, result.fault, () => words(image, result.found));
      else scenes.push(sceneOf(result, objects, request.size, record));
    });
  }
  return scenes.slice(0, enough);
}

const words = ({ file_name }: ImageEntry, found: string | undefined) =>
  found === undefined ? shown(file_name) : `${shown(file_name)}, ${found}`;

function objectsToShow(
  { annotations, labels }: CocoFolder,
  image: ImageEntry,
  { size, objects, fewestObjects }: SceneRequest,
  skipped: Skipped,
): readonly MaskedObject[] | undefined {
  if (image.height * image.width > MAX_PIXELS) {
    const listed = `listed as ${image.width} x ${image.height} pixels, at most ${MAX_PIXELS}`;
    return skip(skipped, "tooLarge", () => words(image, listed));
  }
  const found = objectsOf(image, annotations.get(image.id)!, labels, size, skipped);
  return largestApart(found, objects, fewestObjects) ?? skip(skipped, "fewObjects");
}

/** How images are read. */
export interface ImageReader {
  readonly decode: ImageDecoder;
  readonly sources: Sources;
}

type ReadImage = DecodedImage & Pick<ImageFile, "slashes">;

async function readImage(
  { imageFolders }: CocoFolder,
  image: ImageEntry,
  size: number,
  { decode, sources }: ImageReader,
): Promise<ReadImage | Undecoded> {
  const file = await readImageFile(image.file_name, imageFolders, sources);
  if ("fault" in file) return file;
  const decoded = await decode(file.bytes, image, size);
  return "fault" in decoded ? decoded : { ...decoded, slashes: file.slashes };
}

function sceneOf(
  { pixels, converted, orientation, slashes }: ReadImage,
  objects: readonly MaskedObject[],
  size: number,
  record: ReadingRecord,
): CocoScene {
  if (converted) record.converted++;
  if (orientation !== "none") record[orientation]++;
  if (slashes) record.slashes++;
  const owners = new Uint8Array(size * size);
  objects.forEach(({ mask }, object) => {
    mask.forEach((value, pixel) => {
      if (value === 1) owners[pixel] = object + 1;
    });
  });
  return { pixels, owners, labels: objects.map(({ label }) => label) };
}
