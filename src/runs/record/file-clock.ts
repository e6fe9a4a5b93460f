import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openBeside } from "./partial-name.ts";

/**
 * What time it is for the file system of a folder, in milliseconds: a file server's clock may differ from this
 * machine's, and times of files are comparable with each other alone. Throws the system's error where no file can be
 * made there.
 */
export async function fileClock(folder: string): Promise<number> {
  const { partial, file } = await openBeside(join(folder, "clock"));
  try {
    // Only what is written is sure to bear the server's time.
    await file.write("0");
    await file.datasync();
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await rm(partial, { force: true });
  }
}
