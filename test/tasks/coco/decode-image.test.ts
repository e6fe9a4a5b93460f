import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { type DecodedImage, imageDecoder, MAX_PIXELS, type Undecoded } from "../../../src/tasks/coco/decode-image.ts";

const decode = await imageDecoder();

/** Where on the stored image a displayed pixel lies, for each orientation, as the standard of EXIF says. */
const storedPlace: Record<number, (row: number, column: number, height: number, width: number) => [number, number]> = {
  1: (row, column) => [row, column],
  2: (row, column, _, width) => [row, width - 1 - column],
  3: (row, column, height, width) => [height - 1 - row, width - 1 - column],
  4: (row, column, height) => [height - 1 - row, column],
  5: (row, column) => [column, row],
  6: (row, column, _, width) => [width - 1 - column, row],
  7: (row, column, height, width) => [width - 1 - column, height - 1 - row],
  8: (row, column, height) => [column, height - 1 - row],
};

interface Picture {
  readonly height: number;
  readonly width: number;
  /** [height, width, 3]. */
  readonly pixels: Uint8Array;
}

/** A picture whose blocks of 8 x 8 pixels, which JPEG keeps, have levels of their own. */
function picture(rows: number, columns: number, seed: number): Picture {
  const [height, width] = [8 * rows, 8 * columns];
  const pixels = Uint8Array.from({ length: 3 * height * width }, (_, unit) => {
    const pixel = Math.floor(unit / 3);
    const block = Math.floor(pixel / width / 8) * columns + Math.floor((pixel % width) / 8);
    return (Math.imul(block + 1, 2654435761) + Math.imul(seed, 40503) + 85 * (unit % 3)) & 0xff;
  });
  return { height, width, pixels };
}

/** The picture as a camera stores it that was held so that a viewer has to turn it. */
function stored({ height, width, pixels }: Picture, orientation: number): Picture {
  const [high, wide] = orientation < 5 ? [height, width] : [width, height];
  const turned = new Uint8Array(pixels.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [toRow, toColumn] = storedPlace[orientation]!(row, column, height, width);
      const from = 3 * (row * width + column);
      turned.set(pixels.subarray(from, from + 3), 3 * (toRow * wide + toColumn));
    }
  return { height: high, width: wide, pixels: turned };
}

const faithful = {
  png: {},
  jpeg: { quality: 100, chromaSubsampling: "4:4:4" },
  tiff: { compression: "deflate" },
  webp: { lossless: true },
} as const;

const encode = ({ height, width, pixels }: Picture, format: "png" | "jpeg" | "tiff" | "webp", orientation?: number) =>
  sharp(pixels, { raw: { height, width, channels: 3 } })
    .withMetadata(orientation === undefined ? {} : { orientation })
    .toFormat(format, faithful[format])
    .toBuffer();

/** The same by the nearest pixel, of blocks that are all of one level. */
const blocks = ({ height, width, pixels }: Picture): number[] =>
  Array.from({ length: (height / 8) * (width / 8) }, (_, block) => {
    const [row, column] = [Math.floor(block / (width / 8)), block % (width / 8)];
    return Array.from(pixels.subarray(3 * ((8 * row + 4) * width + 8 * column + 4)).subarray(0, 3));
  }).flat();

/** How far levels lie apart on the average. */
const apart = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  Array.from(one, (level, index) => Math.abs(level - other[index]!)).reduce((sum, each) => sum + each, 0) / one.length;

const sides = fc.integer({ min: 1, max: 3 });
const orientations = fc.integer({ min: 1, max: 8 });
const kinds = fc.constantFrom("png", "jpeg", "tiff", "webp" as const);

describe("an orientation beside the pixels", () => {
  test("turns an image that is listed as it is displayed, whatever the format", async () => {
    await fc.assert(
      fc.asyncProperty(sides, fc.nat(1000), orientations, kinds, async (side, seed, orientation, format) => {
        // As wide as high, so that the scene's size is that of the image and no level is mixed with another.
        const displayed = picture(side, side, seed);
        const bytes = await encode(stored(displayed, orientation), format, orientation);
        const decoded = await decode(bytes, displayed, displayed.height);
        if ("fault" in decoded) throw new Error(decoded.fault);
        expect(decoded.orientation).toBe(orientation === 1 ? "none" : "turned");
        expect(apart(blocks({ ...displayed, pixels: decoded.pixels }), blocks(displayed))).toBeLessThan(3);
      }),
      { numRuns: 30 },
    );
  });

  test("is judged by the listed size where it exchanges height and width", async () => {
    await fc.assert(
      fc.asyncProperty(sides, sides, fc.nat(1000), orientations, async (rows, columns, seed, orientation) => {
        fc.pre(rows !== columns);
        const displayed = picture(rows, columns, seed);
        const inFile = stored(displayed, orientation);
        const bytes = await encode(inFile, "png", orientation);
        const [asDisplayed, asStored, other] = await Promise.all(
          [displayed, inFile, { height: displayed.height + 1, width: displayed.width }].map((listed) =>
            decode(bytes, listed, 8),
          ),
        );
        expect(asDisplayed).toMatchObject({ orientation: orientation === 1 ? "none" : "turned" });
        expect(asStored).toMatchObject({
          orientation: orientation === 1 ? "none" : orientation < 5 ? "turned" : "stored",
        });
        expect(other).toEqual({
          fault: "otherSize",
          found: `${inFile.width} x ${inFile.height} pixels, listed as ${displayed.width} x ${displayed.height + 1}`,
        });
        // The same without the orientation shows what each should be.
        const plain = async (upright: Picture) => decode(await encode(upright, "png"), upright, 8);
        const between = (one: DecodedImage | Undecoded, other: DecodedImage | Undecoded) =>
          "pixels" in one && "pixels" in other ? apart(one.pixels, other.pixels) : Number.POSITIVE_INFINITY;
        // Rows are shrunk before columns, so that rounding differs where they are exchanged.
        expect(between(asDisplayed!, await plain(displayed))).toBeLessThan(5);
        if (orientation >= 5) expect(between(asStored!, await plain(inFile))).toBeLessThan(5);
      }),
      { numRuns: 25 },
    );
  });
});

describe("what is not decoded", () => {
  test("is an image of more pixels than the limit, by what it announces", async () => {
    const side = Math.sqrt(MAX_PIXELS) + 1;
    const huge = await encode(picture(1, 1, 0), "jpeg");
    // The frame's header: marker, length, bits, height, width.
    const frame = huge.indexOf(Buffer.of(0xff, 0xc0));
    huge.writeUInt16BE(side, frame + 5);
    huge.writeUInt16BE(side, frame + 7);
    expect(await decode(huge, { height: side, width: side }, 8)).toEqual({
      fault: "tooLarge",
      found: "8193 x 8193 pixels, at most 67108864",
    });
  });

  test("is a drawing, and bytes that are nothing", async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>',
    );
    const size = { height: 8, width: 8 };
    expect(await decode(svg, size, 8)).toEqual({ fault: "otherFormat", found: "svg" });
    expect(await decode(Buffer.from("nothing"), size, 8)).toEqual({ fault: "corruptImage" });
    expect(await decode(new Uint8Array(), size, 8)).toEqual({ fault: "corruptImage" });
  });

  test("is nothing else: every raster format of the list is decoded, large images in turn", async () => {
    for (const format of ["jpeg", "png", "webp", "gif", "tiff", "avif"] as const) {
      const bytes = await sharp({ create: { width: 24, height: 16, channels: 3, background: "red" } })
        .toFormat(format)
        .toBuffer();
      const decoded = await decode(bytes, { height: 16, width: 24 }, 8);
      expect(decoded).toMatchObject({ converted: false, orientation: "none" });
    }
    const side = 2100;
    const large = await sharp({ create: { width: side, height: side, channels: 3, background: "lime" } })
      .jpeg()
      .toBuffer();
    const broken = large.subarray(0, large.length - 500);
    const listed = { height: side, width: side };
    const results = await Promise.all([large, broken, large].map((bytes) => decode(bytes, listed, 8)));
    expect(results.map((result) => ("fault" in result ? result.fault : result.orientation))).toEqual([
      "none",
      "corruptImage",
      "none",
    ]);
  });
});
