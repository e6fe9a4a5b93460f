import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resume, run } from "../../src/built-in-runs.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { silent } from "../../src/training/silent.ts";
import { experiments } from "../built-in-experiments.ts";
import { fewDigits, scratchFolder, smallRun } from "../small-runs.ts";

/** Stops a run after a step. */
function stoppingAt(step: number) {
  const stop = new AbortController();
  const onEvent = (event: { type: string; step?: number }) => {
    if (event.type === "progress" && event.step === step) stop.abort();
  };
  return { onEvent, signal: stop.signal };
}
const notFinished = (folder: string, advice: string) =>
  new UsageError(
    `the run in ${folder} is not finished, and only a finished one has a report; go on with it by ${advice}`,
  );

describe("a report on what is not finished is refused with how to go on:", () => {
  test.each([
    ["before the first evaluation", 3],
    ["after one", 7],
  ])("a run of an experiment, %s", async (_, step) => {
    const out = join(await scratchFolder(), "run");
    await expect(experiments.run("gevb", smallRun, { out, ...stoppingAt(step) })).rejects.toThrow(InterruptedError);
    expect(existsSync(join(out, "metrics.jsonl"))).toBe(step > 5);
    await expect(experiments.rebuildReport(out, {})).rejects.toThrow(notFinished(out, `sulcus run --resume ${out}`));
    await experiments.resume("gevb", out, {});
    expect(await experiments.rebuildReport(out, {})).toBe(join(out, "report.html"));
  });

  test("a run that a program started", async () => {
    const out = join(await scratchFolder(), "my run");
    const image = { height: 28, width: 28, channels: 1 };
    const description = {
      circuit: gevbCircuit({ image, hidden: [4], classes: 10, sign: "mixed" }),
      task: digits({ data: fewDigits, limit: 100, testLimit: 20 }),
      rule: bp(),
      optimiser: adam({ rate: 0.01 }),
      batch: 32,
      device: "cpu",
    };
    await expect(run(description, { out, ...stoppingAt(2) })).rejects.toThrow(InterruptedError);
    const advice = `sulcus run --resume '${out}'`;
    await expect(experiments.rebuildReport(out, {})).rejects.toThrow(notFinished(out, advice));
    await expect(experiments.resume("gevb", out, {})).rejects.toThrow(
      new UsageError(`${out} holds a run of "vector-dense-784-4-10", not of gevb; go on with it by ${advice}`),
    );
    await resume(out, { onEvent: silent });
    expect(await experiments.rebuildReport(out, {})).toBe(join(out, "report.html"));
  });

  test("a collection without a finished run, and its runs", async () => {
    const out = join(await scratchFolder(), "two rules");
    const settings = { ...smallRun, rule: "gevb,bp" };
    await expect(experiments.run("gevb", settings, { out, ...stoppingAt(3) })).rejects.toThrow(InterruptedError);
    await expect(experiments.rebuildReport(out, {})).rejects.toThrow(
      new UsageError(`${out} holds no finished run to report on; go on with it by sulcus run --resume '${out}'`),
    );
    const [begun, waiting] = [join(out, "gevb"), join(out, "bp")];
    await expect(experiments.rebuildReport(begun, {})).rejects.toThrow(
      notFinished(begun, `sulcus run --resume '${begun}'`),
    );
    await expect(experiments.rebuildReport(waiting, {})).rejects.toThrow(`the run folder ${waiting} does not exist`);
  });
});
