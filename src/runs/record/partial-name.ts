import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ownTag, tagPattern } from "./process-identity.ts";
import { systemCode } from "./storage-failure.ts";

// What is made beside a path of the user's has a name that nobody else has: "checkpoint.npz.1c0f24ab-4321-99120-7.partial"
// tells the process that made it, so that another one can remove what a killed process left, and only that.

let made = 0;

/** Longest part of a path's own name, in bytes, so that no file system refuses the whole. */
const longestStem = 120;

/** What names beside a path begin with. */
export const stemOf = (path: string): string => Buffer.from(basename(path)).subarray(0, longestStem).toString("utf8");

/** The end of such a name; the first group is the tag of its process. */
export const partialEnding = new RegExp(`\\.(${tagPattern})-[0-9]+\\.partial$`);

/**
 * Makes something beside a path, under a name of its own.
 *
 * @param make must fail with EEXIST where something is there already
 */
export async function makeBeside<T>(path: string, make: (partial: string) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await make(join(dirname(path), `${stemOf(path)}.${ownTag()}-${++made}.partial`));
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
  }
}

/** Opens a new file beside a path, under a name of its own, for writing. */
export const openBeside = (path: string): Promise<{ partial: string; file: FileHandle }> =>
  makeBeside(path, async (partial) => ({ partial, file: await open(partial, "wx") }));
