import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { circuit } from "../../src/circuits/circuit.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { ModulesConfig } from "../../src/papers/modules/settings.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import type { Cell } from "../../src/runs/execution/cell.ts";
import { readConfig } from "../../src/runs/record/run-folder.ts";
import { sweepCollection } from "../../src/runs/sweep.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { experiments } from "../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

const small = { ...smallRun, limit: 200, hidden: [8, 4], epochs: 1 };
const net = circuit("two", (c) => {
  c.project(c.input("pixels", { units: 784 }), c.population("report", { units: 10 }), { topology: dense() });
});

/** An experiment with a run for each seed, whose task depends on one setting. */
const invented = (conditions = ["A"]) => ({
  name: "invented",
  library: nodeLibrary,
  schema: z.looseObject({ density: ModulesConfig.shape.density }),
  collect: async (settings: Readonly<Record<string, unknown>>) => ({
    experiment: "invented",
    settings,
    tasks: undefined as never,
    cells: ((settings.seeds as number[] | undefined) ?? [1]).flatMap((seed) =>
      conditions.map((condition): Cell => {
        const task = digits(typeof settings.limit === "number" ? { limit: settings.limit } : {});
        const description = parseRun(
          { circuit: net, task, rule: bp(), optimiser: adam({ rate: 0.1 }), seed },
          nodeLibrary,
        );
        return { name: `${condition.toLowerCase()}-seed-${seed}`, condition, description };
      }),
    ),
  }),
});

describe("the runs of a sweep", () => {
  const value = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.string({ maxLength: 8 }), fc.boolean());
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 4, selector: String });

  test("are every combination of the values from every seed, each under a name of its own that a folder can have", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({ density: values, units: values }),
        fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 4 }),
        async (sweep, seeds) => {
          const { cells } = await sweepCollection(invented(), sweep, { seeds });
          expect(cells).toHaveLength(sweep.density.length * sweep.units.length * seeds.length);
          expect(new Set(cells.map(({ name }) => name)).size).toBe(cells.length);
          for (const { name } of cells) expect(name).toMatch(/^[\w.~!'()*%-]+$/);
          // Runs of a condition differ in their seed alone.
          for (const condition of new Set(cells.map((cell) => cell.condition)))
            expect(cells.filter((cell) => cell.condition === condition)).toHaveLength(seeds.length);
        },
      ),
    ));

  test("are named by their points; a single value is a setting of all, and is kept with their settings", async () => {
    const sweep = { density: [0.001, "1c", 1], units: [64] };
    const { cells, ...swept } = await sweepCollection(invented(), sweep, { seeds: [1, 3] });
    expect(cells.map(({ name, condition }) => [name, condition])).toEqual([
      ["density-0.001-seed-1", "density 0.001"],
      ["density-1c-seed-1", "1 connection"],
      ["density-1-seed-1", "density 1.0"],
      ["density-0.001-seed-3", "density 0.001"],
      ["density-1c-seed-3", "1 connection"],
      ["density-1-seed-3", "density 1.0"],
    ]);
    expect(swept).toMatchObject({ sweep: { density: [0.001, "1c", 1] }, settings: { units: 64, seeds: [1, 3] } });
    expect(swept.settings).not.toHaveProperty("density");
  });

  test("keep what else tells runs of a point apart", async () => {
    const { cells } = await sweepCollection(invented(["A", "B"]), { rate: [1, 2] }, {});
    expect(cells.map(({ name, condition }) => [name, condition])).toEqual([
      ["rate-1-a-seed-1", "rate 1, A"],
      ["rate-1-b-seed-1", "rate 1, B"],
      ["rate-2-a-seed-1", "rate 2, A"],
      ["rate-2-b-seed-1", "rate 2, B"],
    ]);
  });

  test("that share a task follow one another", async () => {
    const sweep = { rate: [1, 2], limit: [10, 20] };
    const { cells } = await sweepCollection(invented(), sweep, { seeds: [1, 2] });
    expect(cells.map(({ name }) => name)).toEqual(
      [1, 2].flatMap((seed) =>
        [10, 20].flatMap((limit) => [1, 2].map((rate) => `rate-${rate}-limit-${limit}-seed-${seed}`)),
      ),
    );
  });
});

describe("a sweep of the gevb experiment", () => {
  test("interrupted goes on to the same bytes, by its folder alone; a point is the run that it would be by itself", async () => {
    const folder = await scratchFolder();
    const [whole, stopped, alone] = ["whole", "stopped", "alone"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const sweep = { rate: [0.001, 0.01] };
    const settings = { ...small, seeds: [1, 2], rule: "bp" };
    await experiments.sweep("gevb", sweep, settings, { out: whole, report: false });
    const names = (await readdir(whole)).filter((name) => name.startsWith("rate")).sort();
    expect(names).toEqual(["rate-0.001-seed-1", "rate-0.001-seed-2", "rate-0.01-seed-1", "rate-0.01-seed-2"]);
    const config = parse(await readFile(join(whole, "config.yaml"), "utf8"));
    expect(config).toMatchObject({ experiment: "gevb", sweep, settings: { seeds: [1, 2], batch: 32 } });
    expect(config.settings).not.toHaveProperty("rate");

    const stop = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.type === "progress" && event.run === "rate-0.01-seed-1" && event.step === 3) stop.abort();
    };
    const running = experiments.sweep("gevb", sweep, settings, { out: stopped, onEvent, signal: stop.signal });
    await expect(running).rejects.toThrow(InterruptedError);
    await expect(running).rejects.toMatchObject({ folder: stopped });
    expect(await readConfig(stopped)).toMatchObject({ experiment: "gevb", sweep });
    const started: unknown[] = [];
    await experiments.resume("gevb", stopped, {
      onEvent: (event) => event.type === "started" && started.push([event.run, event.step]),
      report: false,
    });
    expect(started).toEqual([
      ["rate-0.01-seed-1", 3],
      ["rate-0.001-seed-2", 0],
      ["rate-0.01-seed-2", 0],
    ]);
    for (const name of names)
      expect(await leftBehind(join(stopped, name))).toEqual(await leftBehind(join(whole, name)));
    expect(await experiments.rebuildReport(stopped, {})).toBe(join(stopped, "report.html"));
    expect(await readFile(join(stopped, "report.html"), "utf8")).toContain(">rate 0.01</th>");

    await experiments.run("gevb", { ...small, rule: "bp", seeds: 2, rate: 0.01 }, { out: alone, report: false });
    expect(await leftBehind(alone)).toEqual(await leftBehind(join(whole, "rate-0.01-seed-2")));
  });

  test.each([
    ["gevb", { densty: [1, 2] }, 'unknown setting "densty"; known: dataset, arch,'],
    ["gevb", { rate: [0.1, "fast"] }, 'gevb: rate: got "fast", expected a finite number above 0'],
    ["gevb", { rate: [0.1] }, "gevb: got a sweep of one run; give several values of a setting, or several seeds"],
    ["gevb", { rate: [0.1, 0.2], arch: ["dense", "conv"] }, 'gevb, hidden: got 2 sizes, architecture "conv"'],
    [
      "gevb",
      { limit: Array.from({ length: 999 }, (_, n) => n + 1), batch: Array.from({ length: 11 }, (_, n) => n + 1) },
      "gevb: got a sweep of 10989 points, expected at most 10000",
    ],
    [
      "quickstart",
      { rate: [1, 2] },
      'experiment "quickstart" has nothing to sweep; those that have: circuit, gevb, modules, attention',
    ],
    ["modles", { rate: [1, 2] }, 'experiment "modles" is not known'],
  ])("%s with %j is refused before any work", async (experiment, sweep, words) => {
    const out = join(await scratchFolder(), "sweep");
    await expect(experiments.sweep(experiment, sweep, small, { out })).rejects.toThrow(words);
    expect(existsSync(out)).toBe(false);
  });

  test("a number of workers that is none is refused before any work", async () => {
    const out = join(await scratchFolder(), "sweep");
    for (const workers of [0, 1.5, Number.NaN])
      await expect(experiments.sweep("gevb", { rate: [1, 2] }, small, { out, workers })).rejects.toThrow(
        `workers: got ${workers}, expected a whole number of at least 1`,
      );
    expect(existsSync(out)).toBe(false);
  });
});
