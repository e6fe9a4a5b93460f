import type { Sharp } from "sharp";
import { DataError, firstLine } from "../../compute/errors.ts";

/** An image that was decoded and stretched. */
export interface DecodedImage {
  /** Size in the file. */
  readonly height: number;
  readonly width: number;
  /** Levels 0 ... 255 of red, green and blue, [size, size, 3]. */
  readonly pixels: Uint8Array;
  /** Whether the file has grey levels, or 16 bits a channel, of which the upper 8 are kept. */
  readonly converted: boolean;
}

/** Decodes an encoded image and stretches it to size x size pixels; nothing where it is damaged. */
export type ImageDecoder = (bytes: Uint8Array, size: number) => Promise<DecodedImage | undefined>;

/**
 * A decoder of JPEG, PNG and what else the package sharp reads. Grey levels become equal levels of red, green and blue, 16
 * bits become 8, and what is transparent becomes black. The package is loaded here and no sooner: it is native code.
 *
 * @throws DataError where the package has no binary for this machine
 */
export async function imageDecoder(): Promise<ImageDecoder> {
  const sharp = await loadSharp();
  return async (bytes, size) => {
    try {
      const image = sharp(bytes);
      const { height, width, space, depth } = await image.metadata();
      const pixels = await image
        .flatten({ background: "black" })
        .toColourspace("srgb")
        .resize(size, size, { fit: "fill" })
        .raw()
        .toBuffer();
      if (pixels.length !== size * size * 3) return undefined;
      const converted = depth === "ushort" || space === "b-w" || space === "grey16";
      return { height, width, pixels: new Uint8Array(pixels), converted };
    } catch {
      // Whatever it says of a file that it cannot decode, the file is not shown.
      return undefined;
    }
  };
}

async function loadSharp(): Promise<(bytes: Uint8Array) => Sharp> {
  try {
    return (await import("sharp")).default;
  } catch (cause) {
    throw new DataError(
      `COCO: the package sharp, which decodes images, cannot be loaded (${firstLine(cause)}); install it with ` +
        "npm install --include=optional sharp on this machine",
      { cause },
    );
  }
}
