import { join } from "node:path";
import type { LoggerInterface } from "vega";
import { didYouMean, UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import { type Contents, contentsOf } from "./contents.ts";
import type { Figure } from "./figures/figure.ts";
import { checkWidth, type FigureFiles } from "./files/figure-format.ts";
import { writeFigure } from "./files/write-figure.ts";
import { type DrawnFigure, reportPage } from "./html/page.ts";
import type { ReportData, Writer } from "./report-data.ts";

/** How a report is written. */
interface WriteOptions extends FigureFiles {
  /** Puts each file in place whole, its folder included. */
  write: Writer;
  /** Where Vega tells what it does not like about a figure; by default the console. */
  log?: LoggerInterface;
}

/**
 * Writes a report: figures/NAME.vl.json, figures/NAME.svg and figures/NAME.csv of every figure, or the formats that are asked for
 * instead of the last two; the files of chapters; and report.html, which holds these figures and all tables and stands alone.
 *
 * @returns the path of report.html; of the folder of figures where no page is asked for
 * @throws UsageError if there is nothing to show, a figure is asked for that is not there, or a width that figures cannot have;
 * what chapters throw
 */
export async function writeReport(folder: string, data: ReportData, options: WriteOptions): Promise<string> {
  const { only, width, page = only === undefined, write } = options;
  if (width !== undefined) checkWidth(width);
  const contents = await somethingIn(data);
  const folderOfFigures = join(folder, "figures");
  const drawn: DrawnFigure[] = [];
  for (const figure of chosen(contents.figures, only))
    drawn.push({ figure, svg: await writeFigure(join(folderOfFigures, figure.name), figure, options, options) });
  if (!page) return folderOfFigures;
  for (const { name, content } of contents.files) await write(join(folder, name), content);
  const path = join(folder, "report.html");
  await write(path, reportPage(data, contents, drawn));
  return path;
}

/** @throws UsageError if there is neither a run nor anything that a chapter shows without one */
async function somethingIn(data: ReportData): Promise<Contents> {
  const contents = await contentsOf(data);
  if (contents.runs.length + contents.figures.length + contents.tables.length === 0)
    throw new UsageError(
      `Report "${data.title}" has no runs, and no chapter of it shows anything without them; it needs at least one run`,
    );
  return contents;
}

/** The figures that are asked for, in the order of the report. Throws a UsageError for one that is not there. */
function chosen(figures: readonly Figure[], only: readonly string[] | undefined): readonly Figure[] {
  if (only === undefined) return figures;
  const names = figures.map(({ name }) => name);
  const stray = only.find((name) => !names.includes(name));
  if (stray === undefined) return figures.filter(({ name }) => only.includes(name));
  throw new UsageError(
    `figure ${shown(stray)} is not there${didYouMean(stray, names)}; ${names.length > 0 ? `these are: ${names.join(", ")}` : "there are none"}`,
  );
}
