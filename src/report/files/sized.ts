import type { LoggerInterface } from "vega";
import { drawFigure } from "../draw.ts";
import type { Figure } from "../figures/figure.ts";
import { AXIS_TEXT } from "../figures/theme.ts";

/** CSS pixels of a millimetre, and points of a pixel. */
const PIXELS = 96 / 25.4;
const POINTS = 0.75;
/** Points that labels of axes have in print. Journals ask for 6 to 8. */
const TEXT = 7.5;
/** By how much text is at most made larger or smaller beside the rest of a figure: beyond, labels run into each other. */
const [LEAST, MOST] = [0.6, 1.45];
/** Drawings until the width of labels is known. */
const ROUNDS = 2;

/** A drawing and its size in CSS pixels, 96 to an inch. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/**
 * The figure as SVG, as wide as is asked for. Text has the same size in print at every width: it is drawn larger or smaller
 * beside the plot, within limits, and the whole is scaled.
 *
 * @param width millimetres; absent: the figure's own
 */
export async function sizedDrawing(figure: Figure, width?: number, log?: LoggerInterface): Promise<Drawing> {
  const own = measured(await drawFigure(figure, log));
  if (width === undefined) return own;
  const wanted = width * PIXELS;
  let drawing = own;
  for (let round = 0; round < ROUNDS; round++) {
    const scale = wanted / drawing.width;
    const text = Math.min(MOST, Math.max(LEAST, TEXT / (AXIS_TEXT * POINTS * scale)));
    drawing = measured(await drawFigure(withText(figure, text), log));
  }
  const height = (drawing.height * wanted) / drawing.width;
  const millimetres = (pixels: number) => `${Number((pixels / PIXELS).toFixed(3))}mm`;
  const svg = drawing.svg.replace(SIZE, `$1width="${millimetres(wanted)}" height="${millimetres(height)}"`);
  return { svg, width: wanted, height };
}

/** The size in the first tag of a drawing. */
const SIZE = /^(<svg [^>]*?)width="([\d.]+)" height="([\d.]+)"/;

function measured(svg: string): Drawing {
  const [, , width, height] = SIZE.exec(svg) as unknown as [string, string, string, string];
  return { svg, width: Number(width), height: Number(height) };
}

/** The figure with all text larger by a factor. */
function withText(figure: Figure, factor: number): Figure {
  return { ...figure, spec: scaled(figure.spec, factor) as Figure["spec"] };
}

/** Sizes of text, and the room that is left for it. */
const OF_TEXT = /fontSize$|^(label|title)?limit$|^lineHeight$/i;

function scaled(value: unknown, factor: number): unknown {
  if (Array.isArray(value)) return value.map((each) => scaled(each, factor));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      if (name === "data") return [name, part];
      return [name, typeof part === "number" && OF_TEXT.test(name) ? part * factor : scaled(part, factor)];
    }),
  );
}
