import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { noTiming, type Timing } from "../../training/recorder.ts";
import { writeWhole } from "./atomic-file.ts";
import { runFiles } from "./run-files.ts";

const TimingFile = z.object({
  seconds: z.number().min(0),
  stepMilliseconds: z.array(z.number().min(0)),
});

export async function writeTiming(folder: string, timing: Timing): Promise<void> {
  await writeWhole(join(folder, runFiles.timing), `${JSON.stringify(timing)}\n`);
}

/** What earlier sittings took; nothing where that was lost, since no result hangs on it. */
export async function readTiming(folder: string): Promise<Timing> {
  try {
    return TimingFile.parse(JSON.parse(await readFile(join(folder, runFiles.timing), "utf8")));
  } catch {
    return noTiming;
  }
}
