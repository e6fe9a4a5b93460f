import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../src/compute/random.ts";
import { runGevb } from "../../src/experiments/gevb.ts";
import { InterruptedError } from "../../src/experiments/interrupted.ts";
import { resume } from "../../src/experiments/run.ts";
import { nextEvaluation } from "../../src/experiments/training.ts";
import { asSettings, leftBehind, scratchFolder, smallRun } from "./small-runs.ts";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const settings = { ...smallRun, checkpointSeconds: 0, epochs: 4 };

function sulcus(...words: string[]): ChildProcess {
  return spawn(process.execPath, [command, ...words], { stdio: ["ignore", "ignore", "pipe"] });
}

test("a run killed again and again ends with the same bytes as one that was not", async () => {
  const folder = await scratchFolder();
  const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
  const never = new AbortController().signal;
  await runGevb(settings, { out: whole, onEvent: () => {}, signal: never });

  const random = randomStream(1, "moments to kill at");
  const words = () =>
    existsSync(join(killed, "config.yaml"))
      ? ["run", "gevb", "--resume", killed]
      : ["run", "gevb", ...asSettings(settings), "--out", killed];
  let kills = 0;
  for (let attempt = 0; attempt < 12 && kills < 5; attempt++) {
    const child = sulcus(...words());
    const ended = once(child, "exit");
    // From when the folder is there, since before that nothing can be lost.
    while (!existsSync(join(killed, "config.yaml")) && child.exitCode === null) await sleep(5);
    await Promise.race([sleep(random.integer(400, 1500)), ended]);
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      kills++;
    }
    await ended;
  }
  expect(kills).toBeGreaterThan(0);
  const last = sulcus(...words());
  const [code] = await once(last, "exit");
  expect(code).toBe(0);
  expect(await leftBehind(killed)).toEqual(await leftBehind(whole));
}, 120_000);

test("a run that is asked to stop saves, and goes on from there to the same bytes", async () => {
  const folder = await scratchFolder();
  const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
  await runGevb(smallRun, { out: whole, onEvent: () => {}, signal: new AbortController().signal });
  const stop = new AbortController();
  const interrupted = runGevb(smallRun, {
    out: stopped,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === "progress" && event.step === 7) stop.abort();
    },
  });
  await expect(interrupted).rejects.toThrow(InterruptedError);
  await expect(interrupted).rejects.toThrow(`interrupted; the run goes on from ${stopped}`);
  expect(existsSync(join(stopped, "summary.json"))).toBe(false);

  const { summary } = await resume(stopped);
  expect(summary.steps).toBe(20);
  expect(await leftBehind(stopped)).toEqual(await leftBehind(whole));
});

test("evaluations are evenly spaced, end each epoch, and do not depend on where a run was interrupted", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 }), fc.nat(200), (steps, parts, from) => {
      const next = nextEvaluation(from, steps, parts);
      expect(next).toBeGreaterThan(from);
      expect(next - from).toBeLessThanOrEqual(steps);
      // Every step between gives the same answer.
      for (let step = from; step < next; step++) expect(nextEvaluation(step, steps, parts)).toBe(next);
      const epochEnd = (Math.floor(from / steps) + 1) * steps;
      expect(next).toBeLessThanOrEqual(epochEnd);
      expect(nextEvaluation(epochEnd - 1, steps, parts)).toBe(epochEnd);
    }),
  );
});
