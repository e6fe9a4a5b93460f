import type { Chapter, ReportFile } from "../../../report/chapter.ts";
import { whole } from "../../../report/numbers.ts";
import { tableCsv } from "../table/csv.ts";
import { tableMarkdown } from "../table/markdown.ts";
import { tablesOf } from "../table/tables.ts";
import type { TableCell } from "../table-record.ts";
import { tableFigure } from "./figures/table.ts";

/**
 * The paper's tables of errors beside what was measured here, first in the report; and how many of their cells have been run,
 * last in its paragraph.
 */
export const tableChapters = (cells: readonly TableCell[]): Chapter[] => [
  {
    figures: () => [tableFigure(cells)],
    tables: () => tablesOf(cells),
    files: () => tableFiles(cells),
  },
  {
    place: "after",
    words: ({ runs }) => (runs.length > 0 ? `Table: ${combinations(cells)}` : combinations(cells)),
  },
];

/**
 * The cells as table.md and table.csv.
 *
 * @throws UsageError where a cell or a seed is there twice
 */
export const tableFiles = (cells: readonly TableCell[]): readonly ReportFile[] => [
  { name: "table.md", content: tableMarkdown(cells) },
  { name: "table.csv", content: tableCsv(cells) },
];

/** "24 combinations of architecture, units, rule and sign, 18 of them run, 90 runs in all; 1 failed." */
function combinations(cells: readonly TableCell[]): string {
  const run = cells.filter(({ runs }) => runs.length > 0).length;
  const all = cells.reduce((sum, { runs }) => sum + runs.length, 0);
  const failed = cells.filter(({ failure }) => failure).length;
  const what = cells.length === 1 ? "one combination" : `${whole(cells.length)} combinations`;
  return (
    `${what} of architecture, units, learning rule and sign of weights, ` +
    `${run === cells.length ? "all run" : `${whole(run)} of them run`}, ` +
    `${whole(all)} ${all === 1 ? "run" : "runs"} in all${failed ? `; ${whole(failed)} failed` : ""}.`
  );
}
