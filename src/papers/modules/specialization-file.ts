import { resultFile } from "../../runs/record/result-file.ts";
import { runFiles } from "../../runs/record/run-files.ts";
import { SpecializationRecord } from "./specialization-record.ts";

/** specialization.json of a run folder. */
export const specializationFile = resultFile(
  runFiles.specialization,
  "a record of specialization",
  SpecializationRecord,
);
