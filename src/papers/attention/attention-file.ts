import { resultFile } from "../../runs/record/result-file.ts";
import { runFiles } from "../../runs/record/run-files.ts";
import { AttentionRecord } from "./attention-record.ts";

/** attention.json of a run folder. */
export const attentionFile = resultFile(runFiles.attention, "a record of attention", AttentionRecord);
