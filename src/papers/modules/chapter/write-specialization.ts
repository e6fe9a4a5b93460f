import { join } from "node:path";
import type { RunRecord, Writer } from "../../../report/report-data.ts";
import { markdownTable } from "../../gevb/table/markdown.ts";
import { specializationCsv } from "./specialization-csv.ts";
import { specializationTables } from "./specialization-table.ts";

/** Writes specialization.md and specialization.csv, where runs have a record of specialization. */
export async function writeSpecialization(folder: string, runs: readonly RunRecord[], write: Writer): Promise<void> {
  const tables = specializationTables(runs);
  if (tables.length === 0) return;
  const texts = tables.map(({ caption, columns, rows }) => {
    const lines = rows.map(({ name, cells }) => [name, ...cells]);
    return `${caption}\n\n${markdownTable(["connections", ...columns], lines)}`;
  });
  await write(join(folder, "specialization.md"), texts.join("\n"));
  await write(join(folder, "specialization.csv"), specializationCsv(runs));
}
