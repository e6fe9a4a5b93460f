import { DataError, firstLine } from "../../kinds/errors.ts";
import { platform } from "../../platform/node.ts";
import { diskSources } from "../disk-sources.ts";
import type { Sources } from "../sources.ts";

/** Characters that a text has at most in this engine. */
const LONGEST = platform.longestText;

/**
 * The value in a JSON file as tools write it: UTF-8 or UTF-16, with or without a byte order mark, and with the NaN, Infinity
 * and -Infinity of Python, which are no JSON, as null.
 *
 * @throws DataError naming the file where it cannot be read, has more bytes than a text may have characters, or is no JSON
 */
export async function readJson(path: string, sources: Sources = diskSources()): Promise<unknown> {
  const text = await readText(path, sources);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const plain = withoutNaN(text);
    if (plain !== undefined) return plain;
    throw new DataError(
      `COCO file ${path} is not JSON (${firstLine(cause)}); it may be cut off, fetch or export it again`,
      { cause },
    );
  }
}

async function readText(path: string, sources: Sources): Promise<string> {
  try {
    const size = await sources.size(path);
    if (size !== undefined && size > LONGEST) throw tooLong(path, size);
    const bytes = await sources.read(path);
    // Decoders take the mark of their own encoding away.
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `COCO file ${path} cannot be read (${firstLine(cause)}); expected a readable file of instances, check its name and ` +
        "rights",
      { cause },
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}

function tooLong(path: string, size: number): DataError {
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  return new DataError(
    `COCO file ${path} has ${megabytes(size)} MiB, expected at most ${megabytes(LONGEST)} MiB, which is what can be read as one ` +
      "text; write a file of fewer images and their objects, and name it by the task's instances",
  );
}

/**
 * The value with null for NaN and the infinities, which are passed over inside of texts; nothing where it is no JSON
 * either.
 */
function withoutNaN(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return undefined;
  try {
    return JSON.parse(
      text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g, (found) => (found[0] === '"' ? found : "null")),
    );
  } catch {
    // The first attempt says what is wrong.
    return undefined;
  }
}
