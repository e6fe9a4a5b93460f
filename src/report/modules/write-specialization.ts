import { join } from "node:path";
import type { RunRecord, Writer } from "../report-data.ts";
import { markdownTable } from "../table/markdown.ts";
import { specializationCsv } from "./specialization-csv.ts";
import { specializationTable } from "./specialization-table.ts";

/** Writes specialization.md and specialization.csv, where runs have a record of specialization. */
export async function writeSpecialization(folder: string, runs: readonly RunRecord[], write: Writer): Promise<void> {
  const table = specializationTable(runs);
  if (!table) return;
  const rows = table.rows.map(({ name, cells }) => [name, ...cells]);
  const markdown = markdownTable(["connections", ...table.columns], rows);
  await write(join(folder, "specialization.md"), `${table.caption}\n\n${markdown}`);
  await write(join(folder, "specialization.csv"), specializationCsv(runs));
}
