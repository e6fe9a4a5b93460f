import { join } from "node:path";
import type { Writer } from "../../../report/report-data.ts";
import type { TableCell } from "../table-record.ts";
import { tableCsv } from "./csv.ts";
import { tableMarkdown } from "./markdown.ts";

/**
 * Writes table.md and table.csv.
 *
 * @returns the path of table.md
 * @throws UsageError where a cell or a seed is there twice
 */
export async function writeTable(folder: string, cells: readonly TableCell[], write: Writer): Promise<string> {
  const path = join(folder, "table.md");
  await write(path, tableMarkdown(cells));
  await write(join(folder, "table.csv"), tableCsv(cells));
  return path;
}
