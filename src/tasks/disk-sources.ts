import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMissing, placeOfFile, type Sources } from "./sources.ts";

/**
 * The files of the disk.
 *
 * @param beside folder that is looked in for a file that is no longer at its place, as a run folder is that was moved with the data
 *   that lie in it; absent: none
 */
export function diskSources(beside?: string): Sources {
  return {
    async read(file) {
      try {
        return await bytesOf(file);
      } catch (error) {
        if (beside === undefined || !isMissing(error)) throw error;
        return bytesOf(join(beside, placeOfFile(file).name)).catch(() => {
          throw error;
        });
      }
    },
    list: (folder) => readdir(folder),
  };
}

/** A Buffer of its own memory, as a Uint8Array: small files share the memory of others in a Buffer. */
async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(file);
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer as ArrayBuffer)
    : Uint8Array.from(bytes);
}
