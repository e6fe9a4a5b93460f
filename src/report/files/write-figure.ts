import type { LoggerInterface } from "vega";
import type { Figure } from "../figures/figure.ts";
import type { Writer } from "../report-data.ts";
import type { FigureFiles } from "./figure-format.ts";
import { numbersCsv } from "./numbers-csv.ts";
import { type Drawing, sizedDrawing } from "./sized.ts";

/**
 * Writes PATH.vl.json, the specification of a figure with its data, and a file in each format that is asked for. A figure
 * without numbers, as one of images, has no CSV.
 *
 * @param path path of the files without their extension
 * @returns the figure as SVG, as wide as reports show it
 */
export async function writeFigure(
  path: string,
  figure: Figure,
  { formats = ["svg", "csv"], width }: FigureFiles,
  { write, log }: { readonly write: Writer; readonly log?: LoggerInterface | undefined },
): Promise<string> {
  const own = await sizedDrawing(figure, undefined, log);
  const drawing = width === undefined ? own : await sizedDrawing(figure, width, log);
  await write(`${path}.vl.json`, `${JSON.stringify(figure.spec, null, 1)}\n`);
  for (const format of formats) {
    if (format === "csv" && figure.numbers.length === 0) continue;
    await write(`${path}.${format}`, format === "csv" ? numbersCsv(figure) : await drawn(drawing, format));
  }
  return own.svg;
}

async function drawn(drawing: Drawing, format: "svg" | "png" | "pdf"): Promise<string | Uint8Array> {
  if (format === "svg") return drawing.svg;
  // Loaded on demand: a run does without.
  return format === "png" ? (await import("./png.ts")).pngOf(drawing) : (await import("./pdf.ts")).pdfOf(drawing);
}
