import { join } from "node:path";
import { conditionsOf } from "../../../report/conditions.ts";
import type { RunRecord, Writer } from "../../../report/report-data.ts";
import { attentionCsv } from "./attention-csv.ts";

/** Writes attention.csv, where attention was analysed. */
export async function writeAttention(folder: string, runs: readonly RunRecord[], write: Writer): Promise<void> {
  if (runs.some(({ attention }) => attention))
    await write(join(folder, "attention.csv"), attentionCsv(conditionsOf(runs)));
}
