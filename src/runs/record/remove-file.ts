import { rm } from "node:fs/promises";
import { storageFailure } from "./storage-failure.ts";

/** Removes a file, which may be absent. Throws StorageError when it cannot. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw storageFailure("written", path, error);
  });
}
