import { join } from "node:path";
import type { LoggerInterface } from "vega";
import { UsageError } from "../kinds/errors.ts";
import { writeAttention } from "../papers/attention/chapter/write-attention.ts";
import { writeTable } from "../papers/gevb/table/write-table.ts";
import { writeSpecialization } from "../papers/modules/chapter/write-specialization.ts";
import { allFigures } from "./figures/all-figures.ts";
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
 * Draws every figure that the runs, the table and the widths have data for and writes figures/NAME.vl.json, figures/NAME.svg
 * and figures/NAME.csv, or the formats that are asked for instead of the last two.
 *
 * @returns the figures, in the order of the report
 * @throws UsageError if there is neither a run nor a table nor a width, the table has a cell or a seed twice, or a width is
 * asked for that figures cannot have; ShapeError if receptive fields are not of the size they say
 */
export async function writeFigures(folder: string, data: ReportData, options: WriteOptions): Promise<DrawnFigure[]> {
  const { title, runs, table = [], widths } = data;
  if (runs.length + table.length + (widths?.networks.length ?? 0) === 0)
    throw new UsageError(
      `Report "${title}" has no runs, no table and no widths; it needs at least one run, one cell of a table or one network of some width.`,
    );
  if (options.width !== undefined) checkWidth(options.width);
  const drawn: DrawnFigure[] = [];
  for (const figure of allFigures(runs, table, widths))
    drawn.push({ figure, svg: await writeFigure(join(folder, "figures", figure.name), figure, options, options) });
  return drawn;
}

/**
 * Writes the figures and report.html, which holds them all and stands alone; of a table also table.md and table.csv, of
 * modules specialization.md and specialization.csv, of attention attention.csv.
 *
 * @returns the path of report.html
 * @throws what writeFigures throws
 */
export async function writeReport(folder: string, data: ReportData, options: WriteOptions): Promise<string> {
  const figures = await writeFigures(folder, data, options);
  if (data.table?.length) await writeTable(folder, data.table, options.write);
  await writeSpecialization(folder, data.runs, options.write);
  await writeAttention(folder, data.runs, options.write);
  const path = join(folder, "report.html");
  await options.write(path, reportPage(data, figures));
  return path;
}
