import { Representation } from "../../records/representation-record.ts";
import { resultFile } from "./result-file.ts";
import { runFiles } from "./run-files.ts";

/** representation.json of a run folder. */
export const representationFile = resultFile(
  runFiles.representation,
  "a representation",
  Representation,
  ({ count, points }) => (points.length === count ? undefined : `it has ${points.length} points for ${count} stimuli`),
);
