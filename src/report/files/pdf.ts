import { decode } from "fast-png";
import PDFDocument from "pdfkit";
import drawSvg from "svg-to-pdfkit";
import { rgbImage } from "../figures/field-image.ts";
import { fontFiles } from "./fonts.ts";
import type { Drawing } from "./sized.ts";

/** Points of a CSS pixel. */
const POINTS = 0.75;
/**
 * Pixels along a side of an image from which on no viewer's smoothing is seen, and by how much images are enlarged at
 * most.
 */
const [SIDE, ENLARGED] = [1024, 8];

/**
 * The drawing as PDF of one page of its size. Text stays text, in a font that the file holds. Equal drawings give equal
 * bytes.
 */
export async function pdfOf({ svg, width, height }: Drawing): Promise<Uint8Array> {
  const size: [number, number] = [width * POINTS, height * POINTS];
  const document = new PDFDocument({
    size,
    margin: 0,
    // A date would make equal figures differ.
    info: { CreationDate: new Date(0), Producer: "Sulcus", Creator: "Sulcus" },
  });
  const parts: Uint8Array[] = [];
  document.on("data", (part: Uint8Array) => parts.push(part));
  const ended = new Promise((resolve, reject) => document.on("end", resolve).on("error", reject));
  drawSvg(document, withSharpImages(svg), 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_, bold) => (bold ? fontFiles.semibold : fontFiles.regular),
  });
  document.end();
  await ended;
  return Buffer.concat(parts);
}

/** The drawing with every small image enlarged, pixel by pixel: viewers of PDF smooth images, and cannot be told not to. */
function withSharpImages(svg: string): string {
  return svg.replaceAll(/data:image\/png;base64,[\w+/=]+/g, (url) => enlarged(url));
}

function enlarged(url: string): string {
  const { width, height, data } = decode(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
  const factor = Math.min(ENLARGED, Math.floor(SIDE / Math.max(width, height)));
  if (factor < 2) return url;
  const pixels = new Uint8Array(data.length * factor * factor);
  for (let row = 0; row < height * factor; row++)
    for (let column = 0; column < width * factor; column++) {
      const from = 3 * (Math.floor(row / factor) * width + Math.floor(column / factor));
      pixels.set(data.subarray(from, from + 3), 3 * (row * width * factor + column));
    }
  return rgbImage(pixels, height * factor, width * factor);
}
