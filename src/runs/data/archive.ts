import { extract, list, type ReadEntry } from "tar";
import { DataError, firstLine } from "../../kinds/errors.ts";
import { systemCode } from "../record/storage-failure.ts";

/** A data set as its publisher offers it: one tar archive, compressed with gzip. */
export interface Archive {
  /** What messages call the data set. */
  readonly title: string;
  /** Address, http or https. */
  readonly url: string;
  /** The publisher's checksum of the archive, 32 hexadecimal digits. It finds damage, not malice: MD5 can be forged. */
  readonly md5: string;
  /** The folder that holds the members inside the archive. */
  readonly inside: string;
  /** Files of the data set in that folder; whatever else the archive holds is left out. */
  readonly members: readonly string[];
  /** Reads the data set in a folder. @throws DataError where it is damaged */
  readonly read: (folder: string) => Promise<unknown>;
}

/**
 * Unpacks the members of an archive, and nothing else, into `<folder>/<inside>`. All of the archive is read and judged
 * before anything is written.
 *
 * @param file the archive on disk
 * @throws DataError where it is damaged, lacks a member, holds one that is no plain file, or names any file outside of
 *   the folder it is unpacked to; system errors of reading and writing as they come
 */
export async function unpack(file: string, { title, url, inside, members }: Archive, folder: string): Promise<void> {
  const wanted = members.map((member) => `${inside}/${member}`);
  const fault = (what: string) =>
    new DataError(`${title}: the archive from ${url} ${what}; nothing was unpacked, fetch it from another address`);
  const entries: Pick<ReadEntry, "path" | "type">[] = [];
  try {
    await list({ file, strict: true, onReadEntry: ({ path, type }) => void entries.push({ path, type }) });
  } catch (error) {
    if (systemCode(error) !== undefined) throw error;
    throw fault(`is damaged (${firstLine(error)})`);
  }
  const outside = entries.find(({ path }) => leadsOutside(path));
  if (outside) throw fault(`names the file "${outside.path}", which leads out of the folder it is unpacked to`);
  for (const path of wanted) {
    const found = entries.filter((entry) => entry.path === path);
    if (found.length === 0) throw fault(`lacks ${path}`);
    const odd = found.find(({ type }) => type !== "File" && type !== "OldFile");
    if (odd) throw fault(`holds ${path} as a ${odd.type}, expected a file`);
  }
  // Owner and times in the archive are those of its publisher's machine.
  await extract({
    file,
    cwd: folder,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    filter: (path) => wanted.includes(path),
  });
}

/** Whether a member's path is absolute, names a drive, or climbs, in the notation of any system. */
function leadsOutside(path: string): boolean {
  return /^[\\/]|^[a-z]:|(^|[\\/])\.\.([\\/]|$)/i.test(path);
}
