import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import type { GevbOptions } from "../src/papers/gevb/settings.ts";

/** Folder of 1,000 training and 200 test digits. */
export const fewDigits = inject("fewDigits");

/** A run of the gevb experiment that takes a tenth of a second: 300 digits, two small hidden populations. */
export const smallRun = {
  data: fewDigits,
  hidden: [8, 6],
  epochs: 2,
  limit: 300,
  testLimit: 100,
  batch: 32,
  evaluations: 2,
  evaluationStimuli: 64,
  device: "cpu",
  rate: 0.002,
} satisfies GevbOptions;

/** A folder that is gone when the test is. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sulcus-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What must be equal where two runs are the same; of the checkpoint a digest, since a difference of bytes tells nobody anything. */
export async function leftBehind(folder: string) {
  const checkpoint = createHash("sha256").update(await readFile(join(folder, "checkpoint.npz")));
  return { checkpoint: checkpoint.digest("hex"), metrics: await readFile(join(folder, "metrics.jsonl"), "utf8") };
}

/** The same settings as words of the command line. */
export function asSettings(options: GevbOptions): string[] {
  return Object.entries(options).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);
}
