import { join } from "node:path";
import { type Recorded, recordedIn } from "../runs/recorded.ts";
import { readConfigurationFile } from "./configuration-file.ts";
import { isFolder } from "./folders.ts";

/** A file and what stands in it. */
export interface RecordedFile {
  readonly file: string;
  readonly recorded: Recorded;
  /** Plug-ins that it needs, as they stand there. */
  readonly use: unknown;
}

/**
 * What a file holds, or config.yaml of a folder.
 *
 * @param what which argument names it, for messages: "--config"
 */
export async function readRecorded(path: string, what: string): Promise<RecordedFile> {
  const file = isFolder(path) ? join(path, "config.yaml") : path;
  const { use, ...content } = readConfigurationFile(file, what);
  return { file, recorded: recordedIn(file, content), use };
}
