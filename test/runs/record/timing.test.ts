import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readTiming, writeTiming } from "../../../src/runs/record/timing.ts";

const folder = await mkdtemp(join(tmpdir(), "sulcus-timing-"));
const nothing = { seconds: 0, stepMilliseconds: [] };

test("timing comes back as it was written, and damage costs no more than the times", async () => {
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  expect(await readTiming(folder)).toEqual(nothing);
  const milliseconds = fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs);
  await fc.assert(
    fc.asyncProperty(milliseconds, fc.array(milliseconds), async (seconds, stepMilliseconds) => {
      await writeTiming(folder, { seconds, stepMilliseconds });
      expect(await readTiming(folder)).toEqual({ seconds, stepMilliseconds });
    }),
    { numRuns: 20 },
  );
  for (const damage of ["", "{", '{"seconds":"long"}', '{"seconds":-1,"stepMilliseconds":[]}']) {
    await writeFile(join(folder, "timing.json"), damage);
    expect(await readTiming(folder)).toEqual(nothing);
  }
});
