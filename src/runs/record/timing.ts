import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { writeWhole } from "./atomic-file.ts";
import { runFiles } from "./run-files.ts";

/** What the clock said of a run. Kept apart from the checkpoint, whose bytes must not depend on it. */
const Timing = z.object({
  /** Seconds of all sittings together. */
  seconds: z.number().min(0),
  /** Milliseconds of the latest training steps. */
  stepMilliseconds: z.array(z.number().min(0)),
});
export type Timing = z.infer<typeof Timing>;

export async function writeTiming(folder: string, timing: Timing): Promise<void> {
  await writeWhole(join(folder, runFiles.timing), `${JSON.stringify(timing)}\n`);
}

/** What earlier sittings took; nothing where that was lost, since no result hangs on it. */
export async function readTiming(folder: string): Promise<Timing> {
  try {
    return Timing.parse(JSON.parse(await readFile(join(folder, runFiles.timing), "utf8")));
  } catch {
    return { seconds: 0, stepMilliseconds: [] };
  }
}
