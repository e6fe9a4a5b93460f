import { statSync } from "node:fs";
import { UsageError } from "../compute/errors.ts";

/** Whether a path is a folder; undefined where nothing is there. */
export function isFolder(path: string): boolean | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory();
}

/** @throws UsageError unless the path is a folder. */
export function requireFolder(what: string, path: string): void {
  const folder = isFolder(path);
  if (folder) return;
  const got = folder === false ? "is a file" : "does not exist";
  throw new UsageError(`${what}: ${JSON.stringify(path)} ${got}, expected the folder of a run`);
}
