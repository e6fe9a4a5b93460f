import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StorageError } from "../../src/kinds/errors.ts";
import { holdingRunFolder } from "../../src/runs/record/run-lock.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { experiments } from "../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

test.each([
  ["a run", smallRun, "."],
  ["a collection", { ...smallRun, rule: "gevb,bp" }, "bp"],
])("%s is held as long as it is at work, and nothing comes of a second one", async (_, settings, last) => {
  const folder = await scratchFolder();
  const [alone, disturbed] = [join(folder, "alone"), join(folder, "disturbed")];
  await experiments.run("gevb", settings, { out: alone, report: false });

  const lock = join(disturbed, "run.lock");
  const stop = new AbortController();
  const held: boolean[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type === "progress") held.push(existsSync(lock));
    if (event.type === "progress" && event.step === 7) stop.abort();
  };
  await expect(experiments.run("gevb", settings, { out: disturbed, onEvent, signal: stop.signal })).rejects.toThrow(
    InterruptedError,
  );
  expect(existsSync(lock)).toBe(false);
  await holdingRunFolder(disturbed, () =>
    expect(experiments.resume("gevb", disturbed, {})).rejects.toThrow(
      new StorageError(
        `${disturbed} is in use by process ${process.pid}; wait for its end, or stop it by kill ${process.pid}`,
      ),
    ),
  );
  await experiments.resume("gevb", disturbed, { onEvent, report: false });
  expect(held.length).toBeGreaterThan(15);
  expect(held).not.toContain(false);
  expect(existsSync(lock)).toBe(false);
  expect(await leftBehind(join(disturbed, last))).toEqual(await leftBehind(join(alone, last)));
});
