import { statSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/** A path as a message repeats it: of more characters than other values. */
export const shownPath = (path: string): string => shown(path, 300);

/** Whether a path is a folder; undefined where nothing is there. Where a part of the path is a file, nothing can be. */
export function isFolder(path: string): boolean | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw new UsageError(`${shownPath(path)} cannot be looked at: ${(error as Error).message}`);
  }
}

/** The file that stands where a path needs a folder, if there is one. */
function fileIn(path: string): string | undefined {
  for (let part = path; ; part = dirname(part)) {
    const folder = isFolder(part);
    if (folder === false) return part;
    if (folder || part === dirname(part)) return undefined;
  }
}

/** @throws UsageError unless the path is a folder. */
export function requireFolder(what: string, path: string): void {
  refuseFile(what, path, "the folder of a run");
  if (!isFolder(path)) {
    throw new UsageError(`${what}: ${shownPath(path)} does not exist, expected the folder of a run`);
  }
}

/** @throws UsageError unless the path is a folder, or free for one to be made there. */
export function requireFolderOrRoom(what: string, path: string): void {
  refuseFile(what, path, "a folder");
}

function refuseFile(what: string, path: string, expected: string): void {
  if (path === "") throw new UsageError(`${what}: got "", expected the path of ${expected}`);
  const file = fileIn(path);
  if (file === undefined) return;
  const where = file === path ? "" : `, a part of ${shownPath(path)},`;
  throw new UsageError(`${what}: ${shownPath(file)}${where} is a file, expected ${expected}`);
}
