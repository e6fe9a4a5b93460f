import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileClock } from "./file-clock.ts";
import { partialEnding, stemOf } from "./partial-name.ts";
import { presenceOfTag } from "./process-identity.ts";

/** Seconds without a write after which the process of another system that made something is taken to be gone. */
const longestSilence = 3600;

/**
 * Removes what processes that are gone have left in a folder under names of `makeBeside`. What cannot be looked at or
 * removed stays: the work that goes on there will tell of it.
 *
 * @param beside the path beside which it was made; absent: any
 */
export async function removeRemnants(folder: string, beside?: string): Promise<void> {
  const stem = beside === undefined ? "" : `${stemOf(beside)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    const tag = name.startsWith(stem) ? partialEnding.exec(name)?.[1] : undefined;
    if (tag === undefined) continue;
    const path = join(folder, name);
    const presence = presenceOfTag(tag);
    if (presence === "gone" || (presence === "unknown" && (await isSilent(path))))
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function isSilent(path: string): Promise<boolean> {
  try {
    const inside = (await stat(path)).isDirectory() ? await readdir(path) : [];
    const times = await Promise.all([path, ...inside.map((name) => join(path, name))].map(lastWrite));
    return (await fileClock(dirname(path))) - Math.max(...times) > 1000 * longestSilence;
  } catch {
    return false;
  }
}

const lastWrite = async (path: string) => (await stat(path)).mtimeMs;
