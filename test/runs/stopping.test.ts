import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadTask } from "../../src/built-in.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { builtIn } from "../../src/library.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { continueRun, startRun } from "../../src/runs/run.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { fewDigits, leftBehind, scratchFolder } from "../small-runs.ts";

/** Twenty digits, which a small circuit knows by heart after a few epochs. */
const description = parseRun(
  {
    circuit: gevbCircuit({
      image: { height: 28, width: 28, channels: 1 },
      hidden: [32, 16],
      classes: 10,
      sign: "excitatory",
    }),
    task: digits({ data: fewDigits, limit: 20, testLimit: 30 }),
    rule: bp(),
    optimiser: adam({ rate: 0.01 }),
    batch: 5,
    epochs: 60,
    evaluations: 3,
    device: "cpu",
    stopWhenLearned: true,
  },
  builtIn,
);
const stepsPerEpoch = 4;
const task = await loadTask(description.task, description.seed);

/** Trains, and adds the shares of wrong decisions on training digits up by epoch. */
async function train(out: string, { change = {}, stopAt = 0 } = {}) {
  const stop = new AbortController();
  const wrongByEpoch: number[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type !== "progress") return;
    const epoch = Math.ceil(event.step / stepsPerEpoch) - 1;
    wrongByEpoch[epoch] = (wrongByEpoch[epoch] ?? 0) + (event.error as number);
    if (event.step === stopAt) stop.abort();
  };
  const naming = { experiment: "stopping", label: "bp" };
  const control = { library: builtIn, out, onEvent, signal: stop.signal };
  const { summary } = await startRun({ ...description, ...change }, naming, control, task);
  return { summary, wrongByEpoch };
}

describe("stopWhenLearned", () => {
  test("ends a run with the first epoch in which no training digit was decided wrongly", async () => {
    const folder = await scratchFolder();
    const { summary, wrongByEpoch } = await train(join(folder, "run"));
    expect(summary.epochs).toBeLessThan(description.epochs);
    expect(summary.steps).toBe(summary.epochs * stepsPerEpoch);
    expect(wrongByEpoch.indexOf(0)).toBe(summary.epochs - 1);
    const metrics = (await readFile(join(folder, "run", "metrics.jsonl"), "utf8")).trim().split("\n");
    // The last evaluation takes all test digits, as at the end of any run.
    expect(JSON.parse(metrics.at(-1)!)).toMatchObject({ step: summary.steps, count: 30, set: "test" });

    const change = { epochs: summary.epochs + 2, stopWhenLearned: false };
    const { summary: whole } = await train(join(folder, "whole"), { change });
    expect([whole.epochs, whole.steps]).toEqual([change.epochs, change.epochs * stepsPerEpoch]);
  });

  test("does not depend on where the run was interrupted, not even at its last steps", async () => {
    const folder = await scratchFolder();
    const { summary } = await train(join(folder, "whole"));
    for (const stopAt of [2, summary.steps - stepsPerEpoch, summary.steps - 1]) {
      const out = join(folder, `stopped-${stopAt}`);
      await expect(train(out, { stopAt })).rejects.toThrow(InterruptedError);
      expect((await continueRun(out, { library: builtIn }, task)).summary).toMatchObject({
        epochs: summary.epochs,
        steps: summary.steps,
      });
      expect(await leftBehind(out)).toEqual(await leftBehind(join(folder, "whole")));
    }
  });

  test("a run that was killed between its last checkpoint and its summary is not trained further", async () => {
    const out = join(await scratchFolder(), "run");
    const { summary } = await train(out);
    const before = await leftBehind(out);
    expect((await continueRun(out, { library: builtIn }, task)).summary).toMatchObject({
      epochs: summary.epochs,
      steps: summary.steps,
    });
    expect(await leftBehind(out)).toEqual(before);
  });
});
