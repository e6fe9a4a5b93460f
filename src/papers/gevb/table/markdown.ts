import { markdownTable } from "../../../report/markdown.ts";
import { MISSING } from "../../../report/numbers.ts";
import type { TableCell } from "../table-record.ts";
import { entryOf } from "./entry.ts";
import { tableLayouts } from "./layout.ts";
import { LEGEND } from "./tables.ts";

/**
 * The cells as Markdown, a table per data set: rows are architecture x units, columns rule x sign. An entry reads
 * "1.90 ± 0.05 (0.06), n = 5; paper 1.87 (0.06)"; a dash stands for what was not run.
 *
 * @throws UsageError where a cell or a seed is there twice
 */
export function tableMarkdown(cells: readonly TableCell[]): string {
  const tables = tableLayouts(cells).map(({ title, columns, rows }) =>
    markdownTable(
      [title, ...columns],
      rows.map((row) => [row.name, ...row.cells.map(inOneLine)]),
    ),
  );
  return [`${LEGEND}\n`, ...tables].join("\n");
}

function inOneLine(cell: TableCell | undefined): string {
  if (!cell) return MISSING;
  const { ours, seeds, failure, paper } = entryOf(cell);
  const run = [ours, seeds].filter((part) => part !== undefined).join(", ");
  const done = [run, failure].filter(Boolean).join("; ") || MISSING;
  return paper ? `${done}; ${paper}` : done;
}
