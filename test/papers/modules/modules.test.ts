import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadTask } from "../../../src/built-in.ts";
import { UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { describeModulesRun, modulesTask } from "../../../src/papers/modules/modules.ts";
import { ModulesConfig } from "../../../src/papers/modules/settings.ts";
import { BatchSequence, sequentialBatches } from "../../../src/tasks/batches.ts";
import { type DigitReportName, digitReports } from "../../../src/tasks/digits/digit-reports.ts";
import { classTarget } from "../../../src/tasks/targets.ts";
import type { Task } from "../../../src/tasks/task.ts";
import { InterruptedError } from "../../../src/training/interrupted.ts";
import { createLearner } from "../../../src/training/learner.ts";
import { experiments } from "../../built-in-experiments.ts";
import { fewDigits, leftBehind, scratchFolder } from "../../small-runs.ts";

const small = {
  source: "mnist",
  data: fewDigits,
  limit: 200,
  testLimit: 100,
  units: 10,
  steps: 3,
  epochs: 2,
  batch: 32,
  evaluations: 2,
  device: "cpu",
  specialization: { trials: 100, readoutEpochs: 1, maskEpochs: 1, keep: [0.1], pairs: 100 },
};

test("a run of modules that was interrupted ends with the same bits as one that was not", async () => {
  const folder = await scratchFolder();
  const settings = { ...small, noise: 0.1, pixelNoise: 0.2, onset: "random", density: "3c" };
  await experiments.run("modules", settings, { out: join(folder, "whole"), report: false });
  const stop = new AbortController();
  const onEvent = (event: { type: string; step?: number }) => {
    if (event.type === "progress" && event.step === 9) stop.abort();
  };
  const out = join(folder, "parts");
  await expect(experiments.run("modules", settings, { out, onEvent, signal: stop.signal })).rejects.toThrow(
    InterruptedError,
  );
  await experiments.resume("modules", out, { report: false });
  const leftIn = async (run: string) => {
    const left = join(folder, run);
    return { ...(await leftBehind(left)), measures: await readFile(join(left, "specialization.json"), "utf8") };
  };
  expect(await leftIn("parts")).toEqual(await leftIn("whole"));
  const measures = JSON.parse((await leftIn("whole")).measures);
  expect(measures.structure.connections).toEqual([
    [100, 3],
    [3, 100],
  ]);
});

test("a rule and a seed each are a run of their own", async () => {
  const out = join(await scratchFolder(), "runs");
  const specialization = { ...small.specialization, metrics: [] };
  const settings = {
    ...small,
    epochs: 1,
    limit: 64,
    rule: ["bp", "fa"],
    seeds: [1, 2],
    specialization,
  };
  await experiments.run("modules", settings, { out, report: false });
  const names = ["bp-seed-1", "bp-seed-2", "fa-seed-1", "fa-seed-2"];
  expect(await readdir(out)).toEqual(expect.arrayContaining(names));
  expect(await readFile(join(out, "config.yaml"), "utf8")).toContain("experiment: modules\n");
});

describe("noise on drives and pixels", () => {
  const settings = { ...ModulesConfig.parse({ ...small, noise: 0.5, pixelNoise: 0.3 }), rule: "bp", seed: 1 };
  let task: Task;
  beforeAll(async () => {
    task = await loadTask(modulesTask(settings), 1);
  });

  test("is a function of seed and moment: the same again for the same, another in another round or from another seed", async () => {
    const outcome = async (seed: number) => {
      const learner = await createLearner(describeModulesRun({ ...settings, seed }, task), builtIn);
      try {
        const before = await learner.evaluate(sequentialBatches(task.test, { batch: 32, seed }));
        const again = await learner.evaluate(sequentialBatches(task.test, { batch: 32, seed }));
        expect(again).toEqual(before);
        const initial = await learner.readState();
        const batch = new BatchSequence(task.training, 32, 1).compose(0);
        // The same stimuli and weights in another round: another loss, since the noise is another.
        const losses: number[] = [];
        for (const round of ["first", "second", "first"]) {
          await learner.writeState(initial);
          losses.push((await learner.train([{ ...batch, round }], 0)).loss);
        }
        expect(losses[2]).toBe(losses[0]);
        expect(losses[1]).not.toBe(losses[0]);
        return { before, losses };
      } finally {
        await learner.dispose();
      }
    };
    const first = await outcome(1);
    expect(await outcome(1)).toEqual(first);
    expect(await outcome(2)).not.toEqual(first);
  });
});

/** The run that settings stand for, on a task of the trials' shape alone. */
function described(change: object) {
  const settings = { ...ModulesConfig.parse({ ...small, ...change }), rule: "bp", seed: 1 };
  const { digits, input, report } = builtIn.resolve("task", modulesTask(settings)) as unknown as {
    digits: number;
    input: string;
    report: DigitReportName;
  };
  const stream = { height: 8, width: 8, channels: 1, steps: 1 };
  const streams = Array.from({ length: input === "common" ? 1 : digits }, (_, index) => ({
    ...stream,
    name: `${index}`,
  }));
  const { classes, targets } = digitReports[report];
  const shape = {
    streams,
    targets: Array.from({ length: targets(digits) }, () => classTarget(classes(digits))),
    context: {},
    factors: [],
  };
  return describeModulesRun(settings, { training: { shape }, classes: classes(digits) } as unknown as Task);
}

test("every decision is the one that was asked for, about each target of the task", () => {
  const decided = (change: object) => {
    const { decision, readouts } = described(change).circuit;
    return { decision, readouts };
  };
  const own = ["report-1", "report-2"];
  const both = [...own, "report-1-target-2", "report-2-target-2"];
  const task = "parity-digits-both";
  for (const module of ["max", "sum", "random"]) {
    expect(decided({ decision: { module } })).toEqual({ decision: { time: "last", module }, readouts: own });
    expect(decided({ task, decision: { module, time: "mean" } })).toEqual({
      decision: { time: "mean", module, targets: 2 },
      readouts: both,
    });
  }
  const each = { decision: { time: "last", module: "each" }, readouts: own };
  expect(decided({ task, decision: { module: "each" } })).toEqual(each);
  // What nobody asked for: of several targets the larger maximum too, but each digit by its own module.
  expect(decided({ task }).decision).toEqual({ time: "last", module: "max", targets: 2 });
  expect(decided({}).decision).toEqual({ time: "last", module: "max" });
  expect(decided({ task: "digits" })).toEqual(each);
  expect(decided({ task: "digits", decision: { module: "max" } }).readouts).toEqual(both);
});

describe("settings of modules that make no sense together are refused before work starts:", () => {
  test.for([
    [
      { modules: 3, task: "parity-digits-both", decision: { module: "each" } },
      'modules, decision: with module "each" the 3 modules report a target each, and task "parity-digits-both" asks for 2 targets; decide by max, or set modules to 2',
    ],
    [
      { decision: { module: "each" } },
      'modules, decision: with module "each" the 2 modules report a target each, and task "parity-digits" asks for 1 target; decide by max, sum or random',
    ],
    [
      { task: "digits", decision: { module: { readout: "report-1" } } },
      'modules, decision: the readout "report-1" reports 1 target, and task "digits" asks for 2 targets; decide by max, sum, random or each',
    ],
  ] as const)("decisions about other targets than the task asks for: %j", ([change, message]) => {
    expect(() => described(change)).toThrow(new UsageError(message));
  });

  test("a wiring of other modules", () => {
    const wiring = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect(() => described({ wiring })).toThrow(
      new UsageError("modules, wiring: got 3 rows, expected 2, one for each module; give as many, or set modules to 3"),
    );
  });

  test("masks that report digits through readouts of too few classes", async () => {
    const out = join(await scratchFolder(), "runs");
    const message =
      'specialization: metrics: "mask" reports digits from 0 to 9 through the circuit\'s own readouts, and task "double-digits" has 2 classes; ask for bottleneck and correlation alone';
    await expect(experiments.run("modules", { ...small, task: "parity" }, { out })).rejects.toThrow(
      new UsageError(message),
    );
  });

  test("and a density is read as a person writes it", () => {
    const density = (given: unknown) => ModulesConfig.parse({ density: given }).density;
    expect(["0.25", 0.25, 1, "1.0", 0].map(density)).toEqual([0.25, 0.25, 1, 1, 0]);
    expect(["1c", "12c", " 3 ", "17", "1"].map(density)).toEqual(
      [1, 12, 3, 17, 1].map((connections) => ({ connections })),
    );
    for (const wrong of ["few", "", -0.1, 1.5, 2, "1.5c", {}]) expect(() => density(wrong)).toThrow();
  });
});
