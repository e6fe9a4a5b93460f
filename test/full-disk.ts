import { type FileHandle, open } from "node:fs/promises";
import { onTestFinished } from "vitest";

/**
 * A disk that can be filled for the rest of a test: what is written to open files goes to /dev/full, so that the answer
 * is the system's own.
 */
export async function fullDisk(): Promise<{ fill(): void; empty(): void }> {
  const full = await open("/dev/full", "w");
  const prototype = Object.getPrototypeOf(full) as { write: FileHandle["write"] };
  const { write } = prototype;
  const disk = {
    fill: () => {
      prototype.write = ((...what: Parameters<FileHandle["write"]>) => write.apply(full, what)) as FileHandle["write"];
    },
    empty: () => {
      prototype.write = write;
    },
  };
  onTestFinished(async () => {
    disk.empty();
    await full.close();
  });
  return disk;
}
