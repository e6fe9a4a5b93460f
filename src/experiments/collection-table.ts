import { join } from "node:path";
import { tableCsv } from "../report/table/csv.ts";
import { tableMarkdown } from "../report/table/markdown.ts";
import type { TableCell } from "../report/table-record.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { runFiles } from "./record/run-files.ts";

/** Writes table.md and table.csv of a collection, each whole or not at all. */
export async function writeTable(
  folder: string,
  cells: readonly TableCell[],
): Promise<{ table: string; cells: readonly TableCell[] }> {
  const table = join(folder, runFiles.table);
  await writeWhole(table, tableMarkdown(cells));
  await writeWhole(join(folder, runFiles.tableValues), tableCsv(cells));
  return { table, cells };
}
