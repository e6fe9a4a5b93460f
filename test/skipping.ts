import { existsSync } from "node:fs";

/** Whether tests cannot run here, for `skipIf`; where they cannot, the reason is printed. */
export function skipped(impossible: boolean, reason: string): boolean {
  if (impossible) console.warn(`skipped: ${reason}`);
  return impossible;
}

/** The same for tests of a full disk, which the device /dev/full stands for. */
export const skippedWithoutFullDisk = (): boolean =>
  skipped(!existsSync("/dev/full"), "tests of a full disk, since this system has no /dev/full");
