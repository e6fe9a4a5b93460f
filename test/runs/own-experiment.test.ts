import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { circuit } from "../../src/circuits/circuit.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { builtIn } from "../../src/library.ts";
import { defineExperiment } from "../../src/runs/experiment.ts";
import { forecastExperiment, runExperiment } from "../../src/runs/experiments.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import { scratchFolder } from "../small-runs.ts";

const net = circuit("sizes", (c) => {
  c.project(c.input("image", { units: 64 }), c.population("report", { units: 10 }));
});

/** Its descriptions leave out all that has a default. */
const sizes = defineExperiment({
  kind: "sizes",
  summary: "a rule at several rates",
  settings: z.strictObject({ rule: z.string().default("bp"), rate: z.number().default(0.1) }),
  build: ({ rule, rate }, { tasks }) => ({
    experiment: "sizes",
    settings: { rule, rate },
    tasks,
    cells: [1, 2].map((seed) => ({
      name: `seed-${seed}`,
      condition: rule,
      description: {
        circuit: net,
        task: symbols({ size: 8, count: 40, testCount: 20 }),
        rule,
        optimiser: { kind: "sgd", rate },
        seed,
      },
    })),
  }),
});
const library = builtIn.with(definePlugin({ name: "sizes", parts: [sizes] }));

describe("an experiment of one's own", () => {
  test("may leave out of its runs what has a default", async () => {
    const out = join(await scratchFolder(), "swept");
    const asked = { experiment: "sizes", settings: {}, sweep: { rate: [0.1, 0.01] } };
    const forecasts = await forecastExperiment(asked, library);
    expect(forecasts.flatMap(({ runs }) => runs)).toEqual([
      "rate-0.1-seed-1",
      "rate-0.1-seed-2",
      "rate-0.01-seed-1",
      "rate-0.01-seed-2",
    ]);
    await runExperiment(asked, { library, out, report: false });
    const { run } = parse(await readFile(join(out, "rate-0.01-seed-2", "config.yaml"), "utf8"));
    expect(run).toMatchObject({
      seed: 2,
      batch: 128,
      objective: { kind: "classification" },
      optimiser: { rate: 0.01 },
    });
  });

  test("is told which run it has described wrongly, before any work", async () => {
    const out = join(await scratchFolder(), "refused");
    await expect(
      runExperiment({ experiment: "sizes", settings: { rule: "bq" } }, { library, out, report: false }),
    ).rejects.toThrow('sizes, seed-1, learning rule "bq" is not known (did you mean "bp"?); known: gevb, bp');
  });
});
