import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describedIn, isModule } from "../runs/plugins/described-module.ts";
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
 * What a file holds, or config.yaml of a folder; or what a module describes.
 *
 * @param what which argument names it, for messages: "--config"
 * @param settings what a module's function is given
 */
export async function readRecorded(
  path: string,
  what: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<RecordedFile> {
  const file = isFolder(path) ? join(path, "config.yaml") : path;
  const { use, ...content } =
    isModule(file) && existsSync(file) ? await describedIn(resolve(file), settings) : readConfigurationFile(file, what);
  return { file, recorded: recordedIn(file, content), use };
}
