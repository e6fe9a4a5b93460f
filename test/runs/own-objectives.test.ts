import { cpSync, existsSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { resume, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { classificationOverTime } from "../../src/plasticity/objectives/classification-over-time.ts";
import { penalised } from "../../src/plasticity/objectives/penalised.ts";
import { several } from "../../src/plasticity/objectives/several.ts";
import { squaredError } from "../../src/plasticity/objectives/squared-error.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { metricLabel, metricsOf } from "../../src/records/metrics.ts";
import { readSummary } from "../../src/runs/record/run-folder.ts";
import { generated, trialCounts } from "../../src/tasks/generated/generated.ts";
import { defineTask } from "../../src/tasks/task.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { silent } from "../../src/training/silent.ts";
import { scratchFolder } from "../small-runs.ts";

const steps = 4;
/** A side to be named from the second step on, and a place to be told at each, of which some are not asked. */
const reach = defineTask({
  kind: "reach",
  summary: "name a side, and follow a place",
  settings: z.strictObject({ trials: trialCounts }),
  build: ({ trials }, context) =>
    generated(context, {
      streams: { place: { units: 2, steps } },
      targets: {
        side: { classes: ["left", "right"], mask: "steps" },
        place: { units: 2, steps, mask: "steps and units" },
      },
      trials,
      trial(random) {
        const right = random.integer(0, 1);
        const place = Array.from({ length: steps }, () => [right - 0.5 + 0.1 * random.normal(), random.normal()]);
        return {
          stimuli: { place },
          targets: { side: right, place },
          masks: {
            side: place.map((_, step) => Number(step > 0)),
            place: place.map(() => [1, random.integer(0, 1)]),
          },
        };
      },
    }),
});
const use = [definePlugin({ name: "reach", parts: [reach] })];

const net = circuit("reach", (c) => {
  c.steps(steps);
  const area = c.population("area", { units: 8, gain: "tanh" });
  c.project(c.input("seen", { units: 2, timing: "varying" }), area);
  for (const [name, units] of [
    ["side", 2],
    ["place", 2],
  ] as const) {
    const readout = c.population(name, { units });
    c.project(area, readout);
    c.readout(readout);
  }
  c.decision({ module: "each" });
});

const description = {
  circuit: net,
  task: reach({ trials: { training: 32, validation: 8, test: 16 } }),
  objective: penalised({
    objective: several({
      of: {
        side: { objective: classificationOverTime() },
        place: { objective: squaredError({ time: "steps", unit: "cm" }), weight: 2 },
      },
    }),
    rates: { l2: 0.01 },
    weights: { l1: 1e-5 },
  }),
  rule: bp(),
  optimiser: adam({ rate: 0.02 }),
  batch: 8,
  epochs: 4,
  seed: 3,
  device: "cpu" as const,
};
const names = ["sideError", "sideStepError", "sideLoss", "placeR2", "placeAbsoluteError", "placeLoss", "ratePenalty"];

test("every metric of an objective is in records and events, with its unit, and a run resumes to the same bits", async () => {
  const folder = await scratchFolder();
  const [whole, cut] = [join(folder, "whole"), join(folder, "cut")];
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => {
    events.push(event);
    if (event.type !== "saved" || event.last || existsSync(cut)) return;
    cpSync(whole, cut, { recursive: true });
    rmSync(join(cut, "run.lock"));
  };
  const { summary, evaluations } = await run(
    { ...description, checkpointSeconds: 0, evaluations: 2 },
    { use, out: whole, onEvent, report: false },
  );
  expect(Object.keys(summary.metrics!)).toEqual(names);
  expect(summary.metrics!.placeAbsoluteError).toEqual({ unit: "cm", better: "less", of: "absolute errors of place" });
  expect(summary.metrics!.placeR2).toMatchObject({ unit: "", better: "more", label: "place R²" });
  for (const name of names) {
    const capital = `${name[0]!.toUpperCase()}${name.slice(1)}`;
    for (const evaluation of evaluations)
      for (const key of [name, `train${capital}`]) expect(Number.isFinite(evaluation[key]), key).toBe(true);
    expect(summary[`test${capital}`]).toBe(evaluations.at(-1)![name]);
    expect(summary[`train${capital}`]).toBe(evaluations.at(-1)![`train${capital}`]);
  }
  // It learns both, and nothing of the error was built in.
  expect(summary.testSideError).toBeLessThan(0.2);
  expect(summary.testPlaceR2).toBeGreaterThan(0.3);
  expect("testError" in summary).toBe(false);
  const progress = events.find(({ type }) => type === "progress")!;
  for (const name of names) expect((progress as Record<string, unknown>)[name], name).toEqual(expect.any(Number));
  // A report reads the same of the folder.
  const kept = await readSummary(whole);
  expect(kept).toEqual(summary);
  expect(Object.entries(metricsOf(kept)).map(([name, words]) => metricLabel(name, words))).toEqual([
    "side error",
    "side step error",
    "side loss",
    "place R²",
    "place absolute error",
    "place loss",
    "rate penalty",
  ]);

  await resume(cut, { use, report: false, onEvent: silent });
  for (const file of ["checkpoint.npz", "metrics.jsonl", "config.yaml"])
    expect((await readFile(join(cut, file))).equals(await readFile(join(whole, file))), file).toBe(true);
});

test("a run stops when it has learned where the objective can tell, and is refused where it cannot", async () => {
  const folder = await scratchFolder();
  const choose = { ...description, objective: several({ of: { side: { objective: classificationOverTime() } } }) };
  const { summary } = await run(
    { ...choose, epochs: 40, stopWhenLearned: true },
    { use, out: join(folder, "learned"), report: false, onEvent: silent },
  );
  expect(summary.epochs).toBeLessThan(40);
  expect(summary.trainSideError).toBe(0);
  await expect(
    run({ ...description, stopWhenLearned: true }, { use, out: join(folder, "values"), onEvent: silent }),
  ).rejects.toThrow(
    new UsageError(
      'stopWhenLearned is true, and objective "penalised" cannot tell when nothing is left to learn; set stopWhenLearned to false, and epochs to as many as it takes',
    ),
  );
  expect(existsSync(join(folder, "values"))).toBe(false);
});
