import type { Metadata, Sharp, SharpOptions } from "sharp";
import { DataError, firstLine } from "../../kinds/errors.ts";
import { platform } from "../../platform/node.ts";
import type { ImageEntry } from "./instances.ts";
import type { SkipReason } from "./skipped.ts";

/** An image that was decoded and stretched. */
export interface DecodedImage {
  /** Levels 0 ... 255 of red, green and blue, [size, size, 3]. */
  readonly pixels: Uint8Array;
  /** Whether the file has grey levels, or 16 bits a channel, of which the upper 8 are kept. */
  readonly converted: boolean;
  /** What was made of an orientation that the file gives beside its pixels: none is given, turned by it, left as stored. */
  readonly orientation: "none" | "turned" | "stored";
}

/** An image that is not decoded, and why. */
export interface Undecoded {
  readonly fault: SkipReason;
  /** What was found, in words. */
  readonly found?: string;
}

/** Decodes an encoded image that is listed with a size, and stretches it to size x size pixels. */
export type ImageDecoder = (
  bytes: Uint8Array,
  listed: Pick<ImageEntry, "height" | "width">,
  size: number,
) => Promise<DecodedImage | Undecoded>;

/** Pixels of an image at most, 8192 squared: what is decoded takes up to 8 bytes each. */
export const MAX_PIXELS = 2 ** 26;
/** Images of more pixels are decoded one at a time, others as many as are asked for. */
const LARGE = 2 ** 22;
/** Seconds that an image may take at most, a hundred times what the largest sound ones do. */
const LONGEST = 120;

const formats: readonly string[] = ["jpeg", "png", "webp", "gif", "tiff", "heif"];

/**
 * A decoder of raster images by the package sharp: JPEG, PNG, WebP, GIF (the first picture), TIFF and AVIF. Grey levels
 * become equal levels of red, green and blue, 16 bits become 8, and what is transparent becomes black. The package is
 * loaded here and no sooner: it is native code.
 *
 * An orientation that the file gives beside its pixels (EXIF) turns the image as viewers display it, since outlines are
 * drawn on what is displayed. Some data sets outline the stored pixels: where the orientation exchanges height and
 * width (5 to 8) and the listed size fits the stored pixels alone, they are left as they are.
 *
 * What a file announces is read first: an image of more than `MAX_PIXELS` pixels, of another format or size is not decoded.
 *
 * @throws DataError where the package has no binary for this machine
 */
export async function imageDecoder(): Promise<ImageDecoder> {
  const sharp = await loadSharp();
  let others: Promise<unknown> = Promise.resolve();
  return async (bytes, listed, size) => {
    const header = await headerOf(() => sharp(bytes, { limitInputPixels: false }));
    if (header === undefined) return { fault: "corruptImage" };
    const refused = refusal(header, listed);
    if (refused) return refused;
    const orientation = orientationOf(header, listed);
    if (orientation === undefined)
      return { fault: "otherSize", found: `${sizeOf(header)} pixels, listed as ${sizeOf(listed)}` };
    const decoding = () =>
      decode(sharp(bytes, { limitInputPixels: MAX_PIXELS, autoOrient: orientation === "turned" }), size);
    const large = header.height * header.width > LARGE;
    const result = large ? others.then(decoding) : decoding();
    if (large) others = result;
    const pixels = await result;
    if (!(pixels instanceof Uint8Array)) return { fault: pixels };
    const { depth, space } = header;
    return { pixels, converted: depth === "ushort" || space === "b-w" || space === "grey16", orientation };
  };
}

/** What a file announces; nothing where it cannot be read, whatever is said of it. */
async function headerOf(open: () => Sharp): Promise<Metadata | undefined> {
  try {
    return await open().metadata();
  } catch {
    return undefined;
  }
}

function refusal({ format, height, width, compression }: Metadata, listed: { height: number; width: number }) {
  const name = format === "heif" && compression !== "av1" ? "heic" : format;
  if (!formats.includes(name)) return { fault: "otherFormat", found: name } as const;
  if (height * width > MAX_PIXELS || listed.height * listed.width > MAX_PIXELS)
    return { fault: "tooLarge", found: `${sizeOf({ height, width })} pixels, at most ${MAX_PIXELS}` } as const;
  return undefined;
}

const sizeOf = ({ height, width }: { height: number; width: number }) => `${width} x ${height}`;

/** How an image has its listed size: nothing where it has another one either way. */
function orientationOf(
  { height, width, orientation = 1 }: Metadata,
  listed: { height: number; width: number },
): DecodedImage["orientation"] | undefined {
  const fits = (high: number, wide: number) => high === listed.height && wide === listed.width;
  if (orientation >= 5 && orientation <= 8 && fits(width, height)) return "turned";
  if (!fits(height, width)) return undefined;
  if (orientation >= 2 && orientation <= 4) return "turned";
  return orientation >= 5 && orientation <= 8 ? "stored" : "none";
}

async function decode(image: Sharp, size: number): Promise<Uint8Array | "corruptImage" | "tooSlow"> {
  try {
    const pixels = await image
      .timeout({ seconds: LONGEST })
      .flatten({ background: "black" })
      .toColourspace("srgb")
      .resize(size, size, { fit: "fill" })
      .raw()
      .toBuffer();
    return pixels.length === size * size * 3 ? new Uint8Array(pixels) : "corruptImage";
  } catch (error) {
    return firstLine(error).startsWith("timeout") ? "tooSlow" : "corruptImage";
  }
}

async function loadSharp(): Promise<(bytes: Uint8Array, options: SharpOptions) => Sharp> {
  try {
    return ((await platform.loadPackage("sharp")) as typeof import("sharp")).default;
  } catch (cause) {
    throw new DataError(
      `COCO: the package sharp, which decodes images, cannot be loaded (${firstLine(cause)}); install it with ` +
        "npm install --include=optional sharp on this machine",
      { cause },
    );
  }
}
