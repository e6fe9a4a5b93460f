/**
 * Where tasks find the files that their descriptions name. Node reads its disk; a page answers with what it has fetched or been
 * given.
 *
 * Promises are rejected with an error whose `code` is "ENOENT" where there is no such file or folder, and with any other error
 * where it cannot be read: its message is repeated to people.
 */
export interface Sources {
  /** The bytes of a file; they are the caller's, and nobody else changes them. */
  read(file: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Names of what lies in a folder, in any order. */
  list(folder: string): Promise<readonly string[]>;
  /** Bytes of a file; undefined where there is none, or something else than a file. */
  size(file: string): Promise<number | undefined>;
}

/** Whether a file or folder is missing, where one cannot be read. */
export const isMissing = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === "ENOENT";

/** Folder of a file, as the file's path names it, and its name: both kinds of slashes part them. */
export function placeOfFile(file: string): { readonly folder: string; readonly name: string } {
  const end = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"));
  return { folder: file.slice(0, end + 1), name: file.slice(end + 1) };
}
