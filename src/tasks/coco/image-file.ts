import { diskSources } from "../disk-sources.ts";
import type { Sources } from "../sources.ts";
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
export async function readImageFile(
  name: string,
  folders: readonly string[],
  sources: Sources = diskSources(),
): Promise<ImageFile | Undecoded> {
  for (const tried of new Set([name, name.replaceAll("\\", "/")])) {
    for (const folder of folders) {
      const size = await sources.size(`${folder}/${tried}`);
      if (size === undefined) continue;
      if (size > MAX_BYTES) return { fault: "tooLarge", found: `${size} bytes, at most ${MAX_BYTES}` };
      try {
        return { bytes: await sources.read(`${folder}/${tried}`), slashes: tried !== name };
      } catch {
        // It may be in the next folder.
      }
    }
  }
  return { fault: "missingImage", found: `looked for in ${folders.join(", ")}` };
}
