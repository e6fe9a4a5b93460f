import { dirname } from "node:path";
import type { Writer } from "../../report/report-data.ts";
import { writeWhole } from "./atomic-file.ts";
import { makeFolder } from "./make-folder.ts";

/** Puts a file of a report in place whole, its folder included. Throws StorageError when it cannot. */
export const writeReportFile: Writer = async (path, content) => {
  await makeFolder(dirname(path));
  await writeWhole(path, content);
};
