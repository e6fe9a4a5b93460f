import { join } from "pathe";
import { platform } from "../platform/node.ts";
import { isMissing, placeOfFile, type Sources } from "./sources.ts";

/**
 * The files of the disk; on a page, what lies at addresses relative to it.
 *
 * @param beside folder that is looked in for a file that is no longer at its place, as a run folder is that was moved with the data
 *   that lie in it; absent: none
 */
export function diskSources(beside?: string): Sources {
  return {
    async read(file) {
      try {
        return await platform.readFile(file);
      } catch (error) {
        if (beside === undefined || !isMissing(error)) throw error;
        return platform.readFile(join(beside, placeOfFile(file).name)).catch(() => {
          throw error;
        });
      }
    },
    list: platform.listFolder,
    size: platform.sizeOfFile,
  };
}
