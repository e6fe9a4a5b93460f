import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadTask } from "../../src/built-in.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { builtIn } from "../../src/library.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { reportWriter } from "../../src/runs/report-writer.ts";
import { continueRun, type RunControl, startRun } from "../../src/runs/run.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError, StopRequest } from "../../src/training/interrupted.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { fewDigits, leftBehind, scratchFolder } from "../small-runs.ts";

/** A run of 20 steps with an evaluation every 5 of them, and with measures. */
const description = parseRun(
  {
    circuit: gevbCircuit({ image: { height: 28, width: 28, channels: 1 }, hidden: [6, 4], classes: 10, sign: "mixed" }),
    task: digits({ data: fewDigits, limit: 100, testLimit: 40 }),
    rule: bp(),
    optimiser: adam({ rate: 0.01 }),
    batch: 10,
    epochs: 2,
    evaluations: 2,
    representation: 20,
    device: "cpu",
  },
  builtIn,
);
const task = await loadTask(description.task, description.seed);
const start = (out: string, control: RunControl = { library: builtIn }) =>
  startRun(description, { experiment: "stopping", label: "bp" }, { ...control, out }, task);
const goOn = (out: string, control: RunControl = { library: builtIn }) => continueRun(out, control, task);

/** Lets a run go until an event, then asks it to stop by a signal; the error that it ends with. */
async function stopped(
  run: (control: RunControl) => Promise<unknown>,
  moment: (event: RunEvent) => boolean,
): Promise<InterruptedError> {
  const stop = new AbortController();
  const onEvent = (event: RunEvent) => {
    if (moment(event)) stop.abort(new StopRequest("SIGTERM"));
  };
  const error = await run({ library: builtIn, signal: stop.signal, onEvent }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InterruptedError);
  return error as InterruptedError;
}
const at = (type: "progress" | "evaluated" | "saved", step: number) => (event: RunEvent) =>
  event.type === type && event.step === step;
const lines = async (folder: string) => (await readFile(join(folder, "metrics.jsonl"), "utf8")).trim().split("\n");
const left = async (folder: string) => ({
  ...(await leftBehind(folder)),
  representation: await readFile(join(folder, "representation.json"), "utf8"),
});

let whole: Awaited<ReturnType<typeof left>>;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "sulcus-test-"));
  await start(join(folder, "whole"));
  whole = await left(join(folder, "whole"));
  await rm(folder, { recursive: true });
});

describe("a run that is asked to stop", () => {
  test.each([
    ["between two steps", at("progress", 7), 7, 5],
    ["in the middle of an evaluation", at("progress", 10), 10, 5],
    ["after one", at("evaluated", 10), 10, 10],
    ["in the middle of the last evaluation", at("progress", 20), 20, 15],
    ["before its measures", at("saved", 20), 20, 20],
  ] as const)("%s has saved what it did, and goes on to the same bytes", async (_, moment, step, evaluated) => {
    const out = join(await scratchFolder(), "run");
    const error = await stopped((control) => start(out, control), moment);
    expect(error).toMatchObject({ folder: out, step, by: "SIGTERM" });
    expect(error.message).toBe(`interrupted by SIGTERM; the run goes on from ${out}`);
    expect(existsSync(join(out, "checkpoint.npz"))).toBe(true);
    expect(existsSync(join(out, "run.lock"))).toBe(false);
    expect(JSON.parse((await lines(out)).at(-1)!).step).toBe(evaluated);
    expect((await goOn(out)).summary.steps).toBe(20);
    expect(await left(out)).toEqual(whole);
  });

  test("before it has a folder leaves nothing", async () => {
    const out = join(await scratchFolder(), "run");
    const stop = new AbortController();
    const running = start(out, { library: builtIn, signal: stop.signal });
    stop.abort(new StopRequest("SIGHUP"));
    await expect(running).rejects.toThrow("interrupted by SIGHUP before there was anything to save");
    expect(existsSync(out)).toBe(false);
  });

  test("as it goes on, before it has its data, keeps what it had", async () => {
    const out = join(await scratchFolder(), "run");
    await stopped((control) => start(out, control), at("progress", 10));
    const before = await leftBehind(out);
    const stop = new AbortController();
    const running = continueRun(out, { library: builtIn, signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow(`interrupted; the run goes on from ${out}`);
    expect(await leftBehind(out)).toEqual(before);
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  });

  test("and was killed as it made up for an evaluation, makes it once", async () => {
    const out = join(await scratchFolder(), "run");
    await stopped((control) => start(out, control), at("progress", 10));
    const checkpoint = await readFile(join(out, "checkpoint.npz"));
    // As if killed after the line of the evaluation was written, and before the next checkpoint.
    await stopped((control) => goOn(out, control), at("evaluated", 10));
    expect(await readFile(join(out, "checkpoint.npz"))).toEqual(checkpoint);
    expect(await lines(out)).toHaveLength(2);
    await goOn(out);
    expect(await left(out)).toEqual(whole);
  });

  test("in its report writes no further file of it", async () => {
    const folder = await scratchFolder();
    const stop = new AbortController();
    const write = reportWriter(folder, stop.signal);
    await write(join(folder, "figures", "a.svg"), "a");
    stop.abort(new StopRequest("SIGTERM"));
    const writing = write(join(folder, "figures", "b.svg"), "b");
    await expect(writing).rejects.toThrow(`interrupted by SIGTERM; the run goes on from ${folder}`);
    expect([existsSync(join(folder, "figures", "a.svg")), existsSync(join(folder, "figures", "b.svg"))]).toEqual([
      true,
      false,
    ]);
  });
});
