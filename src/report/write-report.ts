import { join } from "node:path";
import type { LoggerInterface } from "vega";
import { UsageError } from "../kinds/errors.ts";
import { type Contents, contentsOf } from "./contents.ts";
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
 * Draws every figure that the runs and chapters have data for and writes figures/NAME.vl.json, figures/NAME.svg and
 * figures/NAME.csv, or the formats that are asked for instead of the last two.
 *
 * @returns the figures, in the order of the report
 * @throws UsageError if there is nothing to show, a figure is asked for that is not there, or a width that figures cannot have;
 * what chapters throw
 */
export async function writeFigures(folder: string, data: ReportData, options: WriteOptions): Promise<DrawnFigure[]> {
  return drawContents(folder, await somethingIn(data), options);
}

/**
 * Writes the figures, the files of chapters, and report.html, which holds all figures and tables and stands alone.
 *
 * @returns the path of report.html
 * @throws what writeFigures throws
 */
export async function writeReport(folder: string, data: ReportData, options: WriteOptions): Promise<string> {
  const contents = await somethingIn(data);
  const figures = await drawContents(folder, contents, options);
  for (const { name, content } of contents.files) await options.write(join(folder, name), content);
  const path = join(folder, "report.html");
  await options.write(path, reportPage(data, contents, figures));
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

async function drawContents(folder: string, { figures }: Contents, options: WriteOptions): Promise<DrawnFigure[]> {
  if (options.width !== undefined) checkWidth(options.width);
  const drawn: DrawnFigure[] = [];
  for (const figure of figures)
    drawn.push({ figure, svg: await writeFigure(join(folder, "figures", figure.name), figure, options, options) });
  return drawn;
}
