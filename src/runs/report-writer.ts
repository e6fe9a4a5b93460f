import { dirname } from "node:path";
import type { Writer } from "../report/report-data.ts";
import { heed } from "../training/heed.ts";
import { InterruptedError } from "../training/interrupted.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { makeFolder } from "./record/make-folder.ts";

/**
 * Puts the files of a report in place whole, their folder included.
 *
 * @param folder that the report is of
 * @param signal stops the report before its next file
 * @returns throws StorageError when a file cannot be written, InterruptedError when the signal aborts
 */
export function reportWriter(folder: string, signal: AbortSignal | undefined): Writer {
  return async (path, content) => {
    try {
      await heed(signal);
    } catch (error) {
      throw error instanceof InterruptedError ? new InterruptedError({ folder, by: error.by }) : error;
    }
    await makeFolder(dirname(path));
    await writeWhole(path, content);
  };
}
