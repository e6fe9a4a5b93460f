import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { storageFailure, systemCode } from "./storage-failure.ts";

/** Whether there is a file or folder of that path; throws StorageError when the system will not tell. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return false;
    throw storageFailure("read", path, error);
  }
}

/**
 * Makes a folder and those above it, as far as they are missing. (Node's own recursive mkdir never returns below a folder
 * that takes no folders, such as /proc.)
 *
 * @returns those that were missing, the outermost first.
 * @throws StorageError when it cannot.
 */
export async function makeFolder(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (let path = resolve(folder); !(await exists(path)); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    await mkdir(path).catch((error: unknown) => {
      // Another run may have made it since.
      if (systemCode(error) !== "EEXIST") throw storageFailure("written", folder, error);
    });
  }
  return missing;
}
