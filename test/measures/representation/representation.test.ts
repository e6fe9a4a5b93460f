import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildNetwork, loadTask } from "../../../src/built-in.ts";
import { resume, run } from "../../../src/built-in-runs.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import type { Representation } from "../../../src/measures/representation/record.ts";
import { representation } from "../../../src/measures/representation/representation.ts";
import { nodeLibrary } from "../../../src/node-library.ts";
import { sgd } from "../../../src/plasticity/optimisers/sgd.ts";
import { bp } from "../../../src/plasticity/rules/bp.ts";
import { measureFile } from "../../../src/runs/record/measure-records.ts";
import { loadDigits } from "../../../src/tasks/images/digits.ts";
import { digits } from "../../../src/tasks/images/digits-task.ts";
import { symbols } from "../../../src/tasks/images/symbols-task.ts";
import type { RunEvent } from "../../../src/training/events.ts";
import type { Learner } from "../../../src/training/learner.ts";
import type { RunDescription } from "../../../src/training/run-description.ts";
import { silent } from "../../../src/training/silent.ts";
import type { TrainedRun } from "../../../src/training/trained-run.ts";
import { experiments } from "../../built-in-experiments.ts";
import { fewDigits, scratchFolder, smallRun } from "../../small-runs.ts";

const file = measureFile(representation);
const settings = { ...smallRun, representation: 40 };

async function trained(out: string, report = false): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  await experiments.run("gevb", settings, {
    library: nodeLibrary,
    out,
    report,
    onEvent: (event) => events.push(event),
  });
  return events;
}

describe("a run that asks for a representation", () => {
  test("leaves scores and points of evenly spread test digits, tells of them and draws them", async () => {
    const out = join(await scratchFolder(), "run");
    const events = await trained(out, true);
    const { points, ...scores } = (await file.read(out)) as Representation;
    expect(scores).toMatchObject({ population: "v2", count: 40, neighbours: 10, perplexity: 13 });
    // Of 40 digits, after 20 steps, ten neighbours tell the class in more than the 4 of 39 of chance.
    expect(scores.purity).toBeGreaterThan(0.15);
    const { test: digits } = await loadDigits({ directory: fewDigits });
    expect(points.map(({ label }) => label)).toEqual(
      points.map((_, index) => digits.labels[Math.floor((index * 100) / 40)]),
    );
    expect(events.find(({ type }) => type === "measure-taken")).toEqual({
      ...{ type: "measure-taken", run: "gevb", folder: out, measure: "representation" },
      words: [
        `40 stimuli in v2  silhouette ${scores.silhouette.toFixed(3)}, purity of 10 neighbours ${(100 * scores.purity).toFixed(2)} %`,
      ],
    });
    expect(existsSync(join(out, "figures", "embedding.svg"))).toBe(true);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("neighbour purity");
  });

  test("leaves the same bytes for the same seed, and makes them again where they are lost", async () => {
    const folder = await scratchFolder();
    const [first, again] = [join(folder, "first"), join(folder, "again")];
    await trained(first);
    await trained(again);
    const bytesOf = (run: string) => readFile(join(run, "representation.json"));
    const bytes = await bytesOf(first);
    expect(await bytesOf(again)).toEqual(bytes);
    await rm(join(again, "representation.json"));
    await resume(again, { report: false });
    expect(await bytesOf(again)).toEqual(bytes);
  });
});

describe("the scores of a representation", () => {
  /** What is scored where the rates of each test stimulus are a code of some group, and a little noise. */
  async function scored(groupOf: (label: number, index: number) => number): Promise<Representation> {
    const task = await loadTask(symbols({ size: 8, count: 10, testCount: 120 }), 1);
    const hidden = circuit("hidden", (c) => {
      const v1 = c.population("v1", { units: 10 });
      c.project(c.input("pixels", { units: 64 }), v1);
      c.project(v1, c.population("report", { units: 10 }));
    });
    const represent: Learner["represent"] = async (batches) => {
      const labels = [...batches].flatMap(({ targets: [first], count }) => [...first!.values[0]!.subarray(0, count)]);
      const rates = labels.flatMap((label, index) =>
        Array.from({ length: 10 }, (_, unit) => (unit === groupOf(label, index) ? 1 : 0.1 * Math.sin(index * unit))),
      );
      return { shape: [labels.length, 10], data: rates };
    };
    const description = { batch: 50, seed: 1 } as RunDescription;
    const network = buildNetwork(hidden);
    const { take } = representation.build({ stimuli: 120 }, { network, task, description }, nodeLibrary);
    const run = {
      ...{ library: nodeLibrary, label: "made", description, task, folder: "", onEvent: silent },
      learner: { network, represent } as Learner,
      signal: new AbortController().signal,
      begin: () => ({ advance: () => {} }),
    } satisfies TrainedRun;
    return (await take(run)) as Representation;
  }

  test("are near 1 where the rates tell the class", async () => {
    const { silhouette, purity, population } = await scored((label) => label);
    expect(population).toBe("v1");
    expect(silhouette).toBeGreaterThan(0.7);
    expect(purity).toBe(1);
  });

  test("are those of chance where the rates tell something else", async () => {
    const { silhouette, purity } = await scored((_, index) => index % 10);
    expect(silhouette).toBeLessThan(0);
    // 11 of 119 others are of the class; the mean of 1,200 neighbours has an SD of about 0.01.
    expect(Math.abs(purity - 11 / 119)).toBeLessThan(0.06);
  });
});

test("a run that does not ask for one leaves none", async () => {
  const out = join(await scratchFolder(), "run");
  await experiments.run("gevb", { ...settings, representation: 0 }, { library: nodeLibrary, out, onEvent: () => {} });
  expect(existsSync(join(out, "representation.json"))).toBe(false);
  expect(existsSync(join(out, "figures", "embedding.svg"))).toBe(false);
});

describe("what cannot be made is said before work starts", () => {
  const direct = circuit("direct", (c) => {
    c.project(c.input("pixels", { units: 784 }), c.population("report", { units: 10 }));
  });
  const deep = circuit("deep", (c) => {
    const hidden = c.population("v1", { units: 4 });
    c.project(c.input("pixels", { units: 784 }), hidden);
    c.project(hidden, c.population("report", { units: 10 }));
  });
  const description = { rule: bp(), optimiser: sgd({ rate: 0.1 }), device: "cpu", batch: 8 };

  test.each([
    [
      direct,
      { limit: 20, testLimit: 20 },
      20,
      'representation: got 20, but in circuit "direct" only the input projects to the readout, so that there is no hidden ' +
        "population to look into; set it to 0",
    ],
    [
      deep,
      { limit: 20, testLimit: 20 },
      10,
      "representation: got 10, with 20 test stimuli; expected 0 for none or more than 10 stimuli, since each is compared",
    ],
    [deep, { limit: 20, testLimit: 10 }, 1000, "representation: got 1000, with 10 test stimuli; expected"],
  ])("%#", async (net, limits, stimuli, message) => {
    const out = join(await scratchFolder(), "run");
    const asked = run(
      { ...description, circuit: net, task: digits({ ...limits, data: fewDigits }), representation: stimuli },
      { out, onEvent: silent },
    );
    await expect(asked).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });
});
