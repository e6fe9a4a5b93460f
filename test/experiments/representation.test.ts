import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { circuit } from "../../src/circuits/circuit.ts";
import type { RunEvent } from "../../src/experiments/events.ts";
import { runGevb } from "../../src/experiments/gevb.ts";
import { silent } from "../../src/experiments/narration/narrate.ts";
import { representationFile } from "../../src/experiments/record/representation-file.ts";
import { resume, run } from "../../src/experiments/run.ts";
import { bp, sgd } from "../../src/plasticity/descriptions.ts";
import { loadDigits } from "../../src/tasks/digits.ts";
import { digits } from "../../src/tasks/task.ts";
import { fewDigits, scratchFolder, smallRun } from "./small-runs.ts";

const settings = { ...smallRun, representation: 40 };

async function trained(out: string, report = false): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  await runGevb(settings, { out, report, onEvent: (event) => events.push(event) });
  return events;
}

describe("a run that asks for a representation", () => {
  test("leaves scores and points of evenly spread test digits, tells of them and draws them", async () => {
    const out = join(await scratchFolder(), "run");
    const events = await trained(out, true);
    const { points, ...scores } = await representationFile.read(out);
    expect(scores).toMatchObject({ population: "v2", count: 40, neighbours: 10, perplexity: 13 });
    expect(Math.abs(scores.silhouette)).toBeLessThanOrEqual(1);
    expect(scores.purity).toBeGreaterThan(0.1);
    expect(scores.purity).toBeLessThanOrEqual(1);
    const { test: digits } = await loadDigits({ directory: fewDigits });
    expect(points.map(({ label }) => label)).toEqual(
      points.map((_, index) => digits.labels[Math.floor((index * 100) / 40)]),
    );
    expect(events.find(({ type }) => type === "represented")).toEqual({ type: "represented", run: "gevb", ...scores });
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

test("a run that does not ask for one leaves none", async () => {
  const out = join(await scratchFolder(), "run");
  await runGevb({ ...settings, representation: 0 }, { out, onEvent: () => {} });
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
  ])("%#", async (net, limits, representation, message) => {
    const out = join(await scratchFolder(), "run");
    const asked = run(
      { ...description, circuit: net, task: digits({ ...limits, data: fewDigits }), representation },
      { out, onEvent: silent },
    );
    await expect(asked).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });
});
