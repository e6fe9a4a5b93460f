import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DataError, StorageError } from "../../kinds/errors.ts";
import { makeFolder } from "../record/make-folder.ts";
import { makeBeside } from "../record/partial-name.ts";
import { removeRemnants } from "../record/remnants.ts";
import { storageFailure, systemCode } from "../record/storage-failure.ts";
import { type Archive, unpack } from "./archive.ts";
import { type DownloadControl, download } from "./download.ts";

/**
 * Downloads a data set, checks it, and puts it in a folder: whole, or not at all. A whole data set that is there already is
 * kept. Archive and members first lie in a folder of their own beside it (`makeBeside`), which is always removed; a
 * fetch that was killed leaves it, and the next one removes it. Of several at a time, one puts the data set in place
 * and the others keep it.
 *
 * @param to the folder of the data set; it and those above it are made
 * @returns its path, and whether it was there already
 * @throws StorageError where the folder holds something else or cannot be written; UsageError and DataError as `download` and
 *   `unpack` do; the reason of `control.signal` where that aborts
 */
export async function fetchArchive(
  archive: Archive,
  to: string,
  control: DownloadControl,
): Promise<{ folder: string; kept: boolean }> {
  const folder = resolve(to);
  if (await holds(folder, archive)) return { folder, kept: true };
  const above = await makeFolder(dirname(folder));
  await removeRemnants(dirname(folder), folder);
  let work: string | undefined;
  let placed = false;
  try {
    work = await makeBeside(folder, async (partial) => {
      await mkdir(partial);
      return partial;
    });
    const file = join(work, "archive.tar.gz");
    await download(archive, file, control);
    await unpack(file, archive, work);
    control.signal.throwIfAborted();
    const kept = !(await putInPlace(join(work, archive.inside), folder, archive));
    placed = true;
    return { folder, kept };
  } catch (error) {
    throw storageFailure("written", folder, error);
  } finally {
    // The first error is the one to tell: whether the remnants can be removed as well is of no further interest.
    if (work !== undefined) await rm(work, { recursive: true, force: true }).catch(() => {});
    if (!placed) for (const path of above.reverse()) await rmdir(path).catch(() => {});
  }
}

/** Moves a data set to its folder, unless another fetch is first; whether this one has put it there. */
async function putInPlace(from: string, folder: string, archive: Archive): Promise<boolean> {
  if (await holds(folder, archive)) return false;
  try {
    // An empty folder is no data set, and not every system renames over one.
    await rmdir(folder).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw error;
    });
    await rename(from, folder);
    return true;
  } catch (error) {
    const inTheWay = ["ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "");
    if (inTheWay && (await holds(folder, archive))) return false;
    throw error;
  }
}

/**
 * Whether a folder holds the data set; false where it is empty or not there.
 *
 * @throws StorageError where it holds something else, a part of the data set, or a damaged one
 */
async function holds(folder: string, { title, members, read }: Archive): Promise<boolean> {
  let present: readonly string[];
  try {
    present = await readdir(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw storageFailure("read", folder, error);
  }
  if (present.length === 0) return false;
  const refusal = (reason: string) =>
    new StorageError(`${title} is not fetched to ${folder}, which ${reason}; move that away or choose another folder`);
  const missing = members.filter((member) => !present.includes(member));
  if (missing.length > 0) throw refusal(`holds files but lacks ${missing.join(", ")}`);
  try {
    await read(folder);
  } catch (error) {
    if (error instanceof DataError) throw refusal(`holds a damaged one (${error.message})`);
    throw error;
  }
  return true;
}
