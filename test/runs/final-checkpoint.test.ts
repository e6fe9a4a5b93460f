import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadTask } from "../../src/built-in.ts";
import { resume, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { StorageError } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { fa } from "../../src/plasticity/rules/fa.ts";
import { forecastRun } from "../../src/runs/forecast.ts";
import { savedLine } from "../../src/runs/narration/wording.ts";
import { readNpz } from "../../src/runs/record/npz.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { silent } from "../../src/training/silent.ts";
import { leftBehind, scratchFolder } from "../small-runs.ts";

const description = {
  circuit: circuit("tiny", (c) => {
    const hidden = c.population("hidden", { units: 5, gain: "tanh" });
    c.project(c.input("image", { map: { height: 8, width: 8, channels: 1 } }), hidden);
    c.project(hidden, c.population("report", { units: 10 }));
  }),
  task: { kind: "symbols", size: 8, count: 64, testCount: 32 } as const,
  rule: fa(),
  optimiser: adam({ rate: 0.01 }),
  batch: 16,
  epochs: 2,
  device: "cpu",
};
/** Without a report, which takes longer to draw than the run. */
const quiet = { onEvent: silent, report: false };
const arraysIn = async (folder: string) => {
  const { "metadata.json": _, ...arrays } = await readNpz(join(folder, "checkpoint.npz"));
  return arrays;
};

describe("the checkpoint of a finished run", () => {
  test("holds all, or with finalCheckpoint weights all but the optimiser's state, the same numbers", async () => {
    const folder = await scratchFolder();
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => void events.push(event);
    await run(description, { out: join(folder, "full"), onEvent, report: false });
    await run({ ...description, finalCheckpoint: "weights" }, { out: join(folder, "weights"), onEvent, report: false });
    const [full, weights] = [await arraysIn(join(folder, "full")), await arraysIn(join(folder, "weights"))];
    const left = Object.keys(full).filter((name) => !Object.hasOwn(weights, name));
    const plastic = ["hidden/bias", "image->hidden/weight", "hidden->report/weight", "report/bias"];
    expect(left.sort()).toEqual(plastic.flatMap((name) => [`${name}/firstMoment`, `${name}/secondMoment`]).sort());
    for (const [name, array] of Object.entries(weights)) expect(array).toEqual(full[name]);
    const saved = events.flatMap((event) => (event.type === "saved" ? [event] : []));
    for (const { file, bytes } of saved) expect(bytes).toBe((await stat(file)).size);
    const moments = 2 * 4 * (5 * 64 + 5 + 10 * 5 + 10);
    expect(saved.map(({ last, optimiserBytes }) => [last, optimiserBytes])).toEqual([
      [true, moments],
      [true, 0],
    ]);
    expect(saved[0]!.bytes - saved[1]!.bytes).toBeGreaterThan(moments);
  });

  test("of weights alone is finished again, starts another run, and is not trained on", async () => {
    const folder = await scratchFolder();
    const out = join(folder, "weights");
    const { summary } = await run({ ...description, finalCheckpoint: "weights" }, { out, ...quiet });
    const before = await leftBehind(out);
    const again = await resume(out, { ...quiet });
    expect(again.summary.testError).toBe(summary.testError);
    expect(await leftBehind(out)).toEqual(before);
    const from = await run({ ...description, from: out, epochs: 0 }, { out: join(folder, "from"), ...quiet });
    expect(from.summary.testError).toBe(summary.testError);
    const config = join(out, "config.yaml");
    await writeFile(config, (await readFile(config, "utf8")).replace("epochs: 2", "epochs: 3"));
    await expect(resume(out, { ...quiet })).rejects.toThrow(
      new StorageError(
        `${join(out, "checkpoint.npz")} holds weights without the optimiser's state, as finalCheckpoint "weights" leaves them at step 8, and the run is to go on to step 12; start a new run from these weights (from: ${out})`,
      ),
    );
  });

  test("of weights alone is the same after any interruption", async () => {
    const folder = await scratchFolder();
    const settings = { ...description, finalCheckpoint: "weights" as const };
    await run(settings, { out: join(folder, "whole"), ...quiet });
    const out = join(folder, "parts");
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === "progress" && event.step === 5) stop.abort();
    };
    await expect(run(settings, { out, onEvent, signal: stop.signal })).rejects.toThrow(InterruptedError);
    expect(Object.keys(await arraysIn(out))).toContain("report/bias/firstMoment");
    await resume(out, { ...quiet });
    expect(await leftBehind(out)).toEqual(await leftBehind(join(folder, "whole")));
  });

  test("is forecast with the size that it will have", async () => {
    const disks: number[] = [];
    for (const finalCheckpoint of ["full", "weights"]) {
      const parsed = parseRun({ ...description, finalCheckpoint }, builtIn);
      disks.push((await forecastRun(parsed, await loadTask(parsed.task, 1), builtIn)).disk);
    }
    expect(disks[0]! - disks[1]!).toBe(2 * 4 * (5 * 64 + 5 + 10 * 5 + 10));
  });

  test("of an optimiser without memory lacks nothing", async () => {
    const folder = await scratchFolder();
    for (const finalCheckpoint of ["full", "weights"] as const)
      await run(
        { ...description, optimiser: sgd({ rate: 0.01 }), finalCheckpoint },
        { out: join(folder, finalCheckpoint), ...quiet },
      );
    expect(await arraysIn(join(folder, "weights"))).toEqual(await arraysIn(join(folder, "full")));
  });

  test("is told with its size where it is large", () => {
    const saved = {
      type: "saved",
      run: "bp",
      step: 8,
      file: "runs/a/checkpoint.npz",
      bytes: 103e6,
      last: true,
    } as const;
    expect(savedLine({ ...saved, optimiserBytes: 68.6e6 })).toBe(
      "bp: runs/a/checkpoint.npz takes 103.0 MB, of which 68.6 MB are the optimiser's state, left out by finalCheckpoint=weights",
    );
    expect(savedLine({ ...saved, bytes: 34.4e6, optimiserBytes: 0 })).toBe("bp: runs/a/checkpoint.npz takes 34.4 MB");
  });
});

describe("a run that starts from the weights of another", () => {
  test("goes on from its own checkpoint, when those weights are gone", async () => {
    const folder = await scratchFolder();
    const [first, whole, stopped] = ["first", "whole", "stopped"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await run(description, { out: first, onEvent: () => {}, report: false });
    const second = { ...description, from: first, checkpointSeconds: 0 };
    await run(second, { out: whole, onEvent: () => {}, report: false });
    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === "saved") stop.abort();
    };
    await expect(run(second, { out: stopped, onEvent, signal: stop.signal, report: false })).rejects.toThrow(
      InterruptedError,
    );
    await rm(first, { recursive: true });
    await resume(stopped, { onEvent: () => {}, report: false });
    expect(await leftBehind(stopped)).toEqual(await leftBehind(whole));
  });
});
