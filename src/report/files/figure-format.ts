import { didYouMean, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** What a figure's file may be: vector graphics (svg, pdf), pixels (png), or the numbers that are drawn (csv). */
export const figureFormats = ["svg", "pdf", "png", "csv"] as const;
export type FigureFormat = (typeof figureFormats)[number];

/** Which files figures are written to, beside their specifications. */
export interface FigureFiles {
  /** By default SVG and CSV. */
  readonly formats?: readonly FigureFormat[];
  /**
   * Width of the drawings in millimetres, such as a column of a journal has; by default each figure has a width of its
   * own.
   */
  readonly width?: number;
  /** Names of the figures that are drawn; by default all. */
  readonly only?: readonly string[];
  /** Whether the rest of the report is written too, report.html and tables; by default unless figures are named. */
  readonly page?: boolean;
}

/** Narrowest and widest figure, millimetres: half a column, and a poster. */
const [NARROWEST, WIDEST] = [40, 1000];
/** Units of width in millimetres. */
const MILLIMETRES = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 } as const;

/**
 * "png,pdf" as formats.
 *
 * @throws UsageError naming what was given, every format and the nearest one
 */
export function readFormats(text: string): FigureFormat[] {
  return [...new Set(text.split(",").map((name) => readFormat(name.trim())))];
}

/** @throws as `readFormats` does */
export function readFormat(name: string): FigureFormat {
  const format = figureFormats.find((each) => each === name.toLowerCase());
  if (format) return format;
  throw new UsageError(
    `format ${shown(name)} is not known${didYouMean(name, figureFormats)}; known: ${figureFormats.join(", ")}; several with commas between`,
  );
}

/**
 * "85mm" as millimetres.
 *
 * @throws UsageError naming what was given and what is allowed
 */
export function readWidth(text: string): number {
  const [, size = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)$/.exec(text.trim()) ?? [];
  if (unit === "")
    throw new UsageError(`width: got ${shown(text)}, expected a number with its unit (mm, cm, in or pt), such as 85mm`);
  return checkWidth(Number(size) * MILLIMETRES[unit as keyof typeof MILLIMETRES]);
}

/** @throws UsageError unless the width is one that a figure can have */
export function checkWidth(width: number): number {
  if (width >= NARROWEST && width <= WIDEST) return width;
  throw new UsageError(
    `width: got ${Number(width.toPrecision(6))} mm, expected ${NARROWEST} to ${WIDEST} mm; a column of a journal has some 85 mm, a page 180 mm`,
  );
}
