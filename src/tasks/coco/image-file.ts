import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MAX_PIXELS, type Undecoded } from "./decode-image.ts";

/** The bytes of an image, as they are in its file. */
export interface ImageFile {
  readonly bytes: Uint8Array;
  /** Whether the file was found under its listed name with / in the place of \\. */
  readonly slashes: boolean;
}

/** Bytes of a file at most: those of the most pixels, of four channels of 16 bits, as they are. */
const MAX_BYTES = 8 * MAX_PIXELS;

/**
 * Reads the file of an image from the first folder that has it. A name with backslashes, as Windows writes paths, is
 * tried as it is and with / in their place.
 */
export async function readImageFile(name: string, folders: readonly string[]): Promise<ImageFile | Undecoded> {
  for (const tried of new Set([name, name.replaceAll("\\", "/")])) {
    for (const folder of folders) {
      const size = await sizeOfFile(join(folder, tried));
      if (size === undefined) continue;
      if (size > MAX_BYTES) return { fault: "tooLarge", found: `${size} bytes, at most ${MAX_BYTES}` };
      try {
        return { bytes: await readFile(join(folder, tried)), slashes: tried !== name };
      } catch {
        // It may be in the next folder.
      }
    }
  }
  return { fault: "missingImage", found: `looked for in ${folders.join(", ")}` };
}

/** Nothing where there is no file, or something else than a file, which may never end. */
async function sizeOfFile(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
