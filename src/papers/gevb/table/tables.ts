import type { Table } from "../../../report/html/table.ts";
import { MISSING } from "../../../report/numbers.ts";
import type { TableCell } from "../table-record.ts";
import { entryOf } from "./entry.ts";
import { tableLayouts } from "./layout.ts";

/** What the numbers of a table mean. */
export const LEGEND =
  "Test error in %, mean \u00b1 SD over n seeds; training error in brackets where above 0; beside it what the paper reports.";

/**
 * The cells as tables of the report, one per data set, each entry on lines of its own.
 *
 * @throws UsageError where a cell or a seed is there twice
 */
export function tablesOf(cells: readonly TableCell[]): Table[] {
  return tableLayouts(cells).map(({ title, columns, rows }) => ({
    caption: `${title}. ${LEGEND}`,
    columns,
    rows: rows.map((row) => ({ name: row.name, cells: row.cells.map(linesOf) })),
  }));
}

function linesOf(cell: TableCell | undefined): string {
  if (!cell) return MISSING;
  const { ours, seeds, failure, paper } = entryOf(cell);
  const done = [ours, seeds, failure].filter((line) => line !== undefined);
  return [...(done.length ? done : [MISSING]), ...(paper ? [paper] : [])].join("\n");
}
