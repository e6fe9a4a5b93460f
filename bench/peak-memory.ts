import { readFile, writeFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MiB = 2 ** 20;

/**
 * Begins to watch how much memory this process takes.
 *
 * @returns a function that gives the growth since then to the peak, MiB. Where the system does not let a process forget
 * its peak (anything but Linux), an earlier peak counts as well.
 */
export async function watchPeak(): Promise<() => Promise<number>> {
  collectGarbage();
  // 5: the peak of resident memory is what is resident now; see proc(5).
  await writeFile("/proc/self/clear_refs", "5").catch(() => {});
  const before = process.memoryUsage.rss();
  return async () => Math.max(0, (await peak()) - before) / MiB;
}

/** Gives back what earlier work held, so that the growth of the next is its own. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

async function peak(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const kilobytes = status.match(/^VmHWM:\s*(\d+)/m)?.[1] ?? process.resourceUsage().maxRSS;
  return 1024 * Number(kilobytes);
}
