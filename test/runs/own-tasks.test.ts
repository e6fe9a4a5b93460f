import { cpSync, existsSync, rmSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { resume, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError } from "../../src/kinds/errors.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { builtIn } from "../../src/library.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { executeCell } from "../../src/runs/execution/cell.ts";
import { TaskShelf } from "../../src/runs/execution/task-shelf.ts";
import { readNpz } from "../../src/runs/record/npz.ts";
import { arrays } from "../../src/tasks/arrays/arrays.ts";
import { generated, trialCounts } from "../../src/tasks/generated/generated.ts";
import { defineTask } from "../../src/tasks/task.ts";
import type { RunListener } from "../../src/training/events.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { silent } from "../../src/training/silent.ts";
import { scratchFolder } from "../small-runs.ts";

const steps = 3;
const comparison = defineTask({
  kind: "comparison",
  summary: "which of two noisy inputs is larger",
  settings: z.strictObject({ trials: trialCounts }),
  build: ({ trials }, context) =>
    generated(context, {
      streams: { evidence: { units: 2, steps } },
      targets: { choice: { classes: ["left", "right"] } },
      trials,
      trial(random) {
        const right = random.integer(0, 1);
        const evidence = Array.from({ length: steps }, () =>
          [1 - right, right].map((side) => side + 0.3 * random.normal()),
        );
        return { stimuli: { evidence }, targets: { choice: right } };
      },
    }),
});
const use = [definePlugin({ name: "mine", parts: [comparison] })];

const net = circuit("comparison", (c) => {
  c.steps(steps);
  const evidence = c.input("evidence", { units: 2, timing: "varying" });
  const area = c.population("area", { units: 5, gain: "tanh", leak: 0.5, noise: 0.1 });
  const choice = c.population("choice", { units: 2 });
  c.project(evidence, area);
  c.project(area, area, { delay: 1 });
  c.project(area, choice);
});

const random = randomStream(5, "trials of a program");
const labels = Array.from({ length: 60 }, () => (random.integer(0, 1) === 0 ? "left" : "right"));
const evidence = Float32Array.from({ length: 60 * steps * 2 }, (_, at) => {
  const side = at % 2 === (labels[Math.floor(at / (2 * steps))] === "left" ? 0 : 1) ? 1 : 0;
  return side + 0.3 * random.normal();
});
const held = () =>
  arrays({
    stimuli: { shape: [60, steps, 2], data: evidence },
    targets: labels,
    factors: { number: Array.from({ length: 60 }, (_, trial) => trial) },
    split: { test: 12, validation: 6 },
  });

const quiet = { use, report: false };
const base = { circuit: net, rule: bp(), optimiser: adam({ rate: 0.02 }), batch: 8, seed: 3, device: "cpu" } as const;
const bitsOf = async (folder: string) =>
  Promise.all(["checkpoint.npz", "metrics.jsonl"].map((file) => readFile(join(folder, file))));

/** Copies the folder of a run at the first checkpoint, as a process leaves it that is killed there. */
function copiedAtFirstCheckpoint(to: string): RunListener {
  return (event) => {
    if (event.type !== "saved" || event.last || existsSync(to)) return;
    cpSync(join(event.file, ".."), to, { recursive: true });
    rmSync(join(to, "run.lock"));
  };
}

describe.each([
  ["an endless generator", { kind: "comparison", trials: { epoch: 32, validation: 8, test: 16 } }],
  ["a counted generator", { kind: "comparison", trials: { training: 32, test: 16 } }],
  ["arrays of a program", undefined],
])("%s", (_, described) => {
  test("trains, and goes on to the same bits where it was killed, in a folder that was moved", async () => {
    const folder = await scratchFolder();
    const [out, killed] = [join(folder, "whole"), join(folder, "killed")];
    const task = described ?? held();
    const description = { ...base, task, epochs: 4, checkpointSeconds: 0 };
    const { summary } = await run(description, { ...quiet, out, onEvent: copiedAtFirstCheckpoint(killed) });
    expect(summary.testError).toBeLessThan(0.3);
    const whole = await bitsOf(out);
    await rename(out, join(folder, "elsewhere"));
    await resume(killed, { ...quiet, onEvent: silent });
    expect(await bitsOf(killed)).toEqual(whole);
  });
});

describe("arrays of a program", () => {
  test("lie in the run folder, which config.yaml names with their checksum", async () => {
    const out = join(await scratchFolder(), "run");
    const notes: string[] = [];
    const onEvent: RunListener = (event) => {
      if (event.type === "started") notes.push(...(event.notes ?? []));
    };
    await run({ ...base, task: held(), epochs: 1 }, { ...quiet, out, onEvent });
    const { run: kept } = parse(await readFile(join(out, "config.yaml"), "utf8")) as { run: { task: object } };
    expect(kept.task).toEqual({
      kind: "arrays",
      file: join(out, "data.npz"),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      stimuli: ["stimuli"],
      targets: ["targets"],
      factors: ["number"],
      as: { targets: "labels" },
      classes: ["left", "right"],
      split: { validation: 6, test: 12, seed: 0 },
    });
    const { stimuli, targets } = await readNpz(join(out, "data.npz"), { stimuli: "float32", targets: "uint32" });
    expect(stimuli.shape).toEqual([60, steps, 2]);
    expect(stimuli.data).toEqual(evidence);
    expect([...targets.data].map((label) => ["left", "right"][label])).toEqual(labels);
    expect(notes).toEqual(['labels "left", "right" of arrays: targets are classes 0 to 1, sorted']);
  });
});

test("a file of data is named with its checksum, and a run does not go on with another one", async () => {
  const folder = await scratchFolder();
  const [file, out] = [join(folder, "own.csv"), join(folder, "run")];
  const rows = labels.map((label, trial) => `${evidence[6 * trial]},${evidence[6 * trial + 1]},${label}`);
  await writeFile(file, ["one,other,label", ...rows].join("\n"));
  const flat = circuit("flat", (c) => {
    c.project(c.input("cells", { map: { height: 2, width: 1, channels: 1 } }), c.population("choice", { units: 2 }));
  });
  const description = { ...base, circuit: flat, task: arrays({ file }), epochs: 2 };
  const first = await run(description, { ...quiet, out, onEvent: silent });
  const again = join(folder, "again");
  const config = join(out, "config.yaml");
  const { run: kept } = parse(await readFile(config, "utf8")) as { run: Parameters<typeof run>[0] };
  expect(kept.task).toMatchObject({ file, targets: ["label"], as: { label: "labels" } });
  expect((await run(kept, { ...quiet, out: again, onEvent: silent })).summary.testError).toBe(first.summary.testError);
  expect(await bitsOf(again)).toEqual(await bitsOf(out));

  await writeFile(file, ["one,other,label", ...rows.slice(1)].join("\n"));
  const changed = resume(again, { ...quiet, onEvent: silent });
  await expect(changed).rejects.toThrow(DataError);
  await expect(changed).rejects.toThrow(`data file ${file} has changed: its checksum (sha256) is `);
  // A run of a collection is no exception.
  const cell = {
    cell: { name: "bp", condition: "BP", description: parseRun(description, builtIn) },
    experiment: "own",
  };
  const inCell = executeCell({ ...cell, folder: again }, new TaskShelf(builtIn), { library: builtIn, onEvent: silent });
  await expect(inCell).rejects.toThrow(`data file ${file} has changed: its checksum (sha256) is `);
  await rm(file);
  await expect(resume(again, quiet)).rejects.toThrow(`data file ${file} is missing; check the path`);
});

describe("targets over time", () => {
  /** A leaky sum of its input, [trials, steps]. */
  const summed = Float32Array.from({ length: 60 * steps }, () => 0);
  for (let trial = 0; trial < 60; trial++)
    for (let step = 0; step < steps; step++) {
      const at = trial * steps + step;
      summed[at] = 0.5 * (step > 0 ? summed[at - 1]! : 0) + 0.5 * (evidence[2 * at]! - evidence[2 * at + 1]!);
    }
  const leaky = circuit("leaky", (c) => {
    c.steps(steps);
    const input = c.input("evidence", { units: 2, timing: "varying" });
    c.project(input, c.population("sum", { units: 1, leak: 0.5 }));
  });
  const stimuli = { shape: [60, steps, 2], data: evidence };

  test("values of arrays are learned at every step, and steps of mask 0 have no influence", async () => {
    const folder = await scratchFolder();
    const mask = Array.from({ length: 60 }, () => [0, 1, 1]);
    const train = async (name: string, first: number) => {
      const data = summed.map((value, at) => (at % steps === 0 ? first : value));
      const task = arrays({
        stimuli,
        targets: { shape: [60, steps, 1], data },
        mask,
        as: "values",
        split: { test: 12 },
      });
      const objective = { kind: "squared-error", time: "steps" };
      const out = join(folder, name);
      const description = { ...base, circuit: leaky, task, objective, epochs: 8, optimiser: adam({ rate: 0.05 }) };
      const { evaluations } = await run(description, { ...quiet, out, onEvent: silent });
      return { losses: evaluations.map(({ loss }) => loss), bits: await readFile(join(out, "metrics.jsonl")) };
    };
    const right = await train("right", 7);
    expect(right.losses.at(-1)).toBeLessThan(0.2 * right.losses[0]!);
    expect((await train("other", -3)).bits).toEqual(right.bits);
  });

  test("an objective that asks for something else is refused before any work", async () => {
    const task = arrays({ stimuli, targets: { shape: [60, steps, 1], data: summed } });
    const out = join(await scratchFolder(), "run");
    await expect(run({ ...base, circuit: leaky, task }, { ...quiet, out })).rejects.toThrow(
      'objective "classification" asks for a class, and target "targets" of task "arrays" is 1 value',
    );
    expect(existsSync(out)).toBe(false);
  });
});
