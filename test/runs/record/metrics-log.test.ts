import { existsSync } from "node:fs";
import { appendFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, StorageError } from "../../../src/kinds/errors.ts";
import { appendMetrics, readMetrics, truncateAfterStep } from "../../../src/runs/record/metrics-log.ts";
import { skippedWithoutFullDisk } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { evaluation, evaluationAt } from "./evaluations.ts";

const at = temporaryFolder();
const runs = { numRuns: 50 };

async function freshLog(evaluations: readonly Parameters<typeof appendMetrics>[1][]): Promise<string> {
  const path = at("metrics.jsonl");
  await rm(path, { force: true });
  for (const one of evaluations) await appendMetrics(path, one);
  return path;
}

describe("the log of evaluations", () => {
  it("gives back what was appended, a line each", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(evaluation, { minLength: 1, maxLength: 5 }), async (evaluations) => {
        const path = await freshLog(evaluations);
        expect(await readMetrics(path)).toEqual(evaluations);
        expect((await readFile(path, "utf8")).split("\n")).toHaveLength(evaluations.length + 1);
      }),
      runs,
    );
  });

  it("cut off at any byte gives every whole line, and can be written on after truncation", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(evaluation, { minLength: 1, maxLength: 4 }), fc.nat(), async (evaluations, cut) => {
        const path = await freshLog(evaluations);
        const bytes = await readFile(path);
        const kept = bytes.subarray(0, cut % (bytes.length + 1));
        await writeFile(path, kept);
        const breaks = kept.filter((byte) => byte === 10).length;
        // A line that lacks nothing but its break is whole as well.
        const whole = bytes[kept.length] === 10 ? breaks + 1 : breaks;
        expect(await readMetrics(path)).toEqual(evaluations.slice(0, whole));
        await truncateAfterStep(path, Number.MAX_SAFE_INTEGER);
        await appendMetrics(path, evaluationAt(7));
        expect(await readMetrics(path)).toEqual([...evaluations.slice(0, whole), evaluationAt(7)]);
      }),
      runs,
    );
  });

  it("counts a last line that lacks nothing but its break, and gives it the break on truncation", async () => {
    const path = await freshLog([evaluationAt(1), evaluationAt(2)]);
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.slice(0, -1));
    expect(await readMetrics(path)).toEqual([evaluationAt(1), evaluationAt(2)]);
    await truncateAfterStep(path, 2);
    expect(await readFile(path, "utf8")).toBe(whole);
  });

  it("with any rubbish after its last line break gives every whole line", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(evaluation, { maxLength: 3 }),
        fc.uint8Array({ maxLength: 40 }).filter((tail) => !tail.includes(10)),
        async (evaluations, tail) => {
          const path = await freshLog(evaluations);
          await appendFile(path, tail);
          expect(await readMetrics(path)).toEqual(evaluations);
        },
      ),
      runs,
    );
  });

  it("keeps the lines up to a step, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(evaluation, { minLength: 1, maxLength: 5 }), fc.nat(), async (evaluations, index) => {
        const { step } = evaluations[index % evaluations.length] as { step: number };
        const kept = evaluations.filter((one) => one.step <= step);
        const expected = await readFile(await freshLog(kept));
        const path = await freshLog(evaluations);
        await truncateAfterStep(path, step);
        expect((await readFile(path)).equals(expected)).toBe(true);
      }),
      runs,
    );
  });

  it("names the line that is torn where none may be", async () => {
    const path = await freshLog([evaluationAt(1), evaluationAt(2)]);
    const [first, second] = (await readFile(path, "utf8")).split("\n") as [string, string];
    await writeFile(path, `${first}\n${second.slice(0, 20)}\n${second}\n`);
    const failure = new DataError(
      `${path}, line 2, is not an evaluation: it is not whole JSON; mend or remove that line`,
    );
    await expect(readMetrics(path)).rejects.toThrow(failure);
    await expect(truncateAfterStep(path, 1)).rejects.toThrow(failure);
    await writeFile(path, `${first.replace('"loss":null', '"loss":"NaN"')}\n`);
    await expect(readMetrics(path)).rejects.toThrow(
      "line 1, is not an evaluation: loss: got NaN, expected a finite number or nothing; mend",
    );
    await writeFile(path, "[]\n");
    await expect(readMetrics(path)).rejects.toThrow("line 1, is not an evaluation: got [], expected settings (step, ");
  });

  it("is not written on behind a torn line", async () => {
    const path = await freshLog([evaluationAt(1)]);
    await appendFile(path, '{"step":2,"ep');
    const before = await readFile(path);
    await expect(appendMetrics(path, evaluationAt(2))).rejects.toThrow(
      new StorageError(`${path} ends in a torn line, so no evaluation can follow it; resume the run with --resume`),
    );
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  it("that is missing stays missing when truncated, and cannot be read", async () => {
    const path = at("none.jsonl");
    await truncateAfterStep(path, 3);
    expect(existsSync(path)).toBe(false);
    await expect(readMetrics(path)).rejects.toThrow(
      new StorageError(`${path} cannot be read: it does not exist; check the path`),
    );
  });

  it.skipIf(skippedWithoutFullDisk())("says when the disk is full", async () => {
    await symlink("/dev/full", at("full.jsonl"));
    await expect(appendMetrics(at("full.jsonl"), evaluationAt(1))).rejects.toThrow(
      `${at("full.jsonl")} cannot be written: the disk is full; free some space or choose a folder on another disk`,
    );
  });
});
