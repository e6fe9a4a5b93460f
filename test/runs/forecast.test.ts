import { expect, test } from "vitest";
import { circuit } from "../../src/circuits/circuit.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { TaskShelf } from "../../src/runs/execution/task-shelf.ts";
import { forecastCollection } from "../../src/runs/forecast.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import { parseRun } from "../../src/training/run-description.ts";

const [pixels, hidden, classes, batch] = [784, 5, 10, 16];
const net = circuit("small", (c) => {
  const v1 = c.population("v1", { units: hidden, gain: "relu" });
  const report = c.population("report", { units: classes });
  c.project(c.input("pixels", { units: pixels }), v1);
  c.project(v1, report);
});
const describe = (change: object) => ({
  circuit: net,
  task: symbols({ count: 40, testCount: 20 }),
  rule: bp(),
  optimiser: adam({ rate: 0.01 }),
  batch,
  device: "cpu",
  ...change,
});
const cell = (name: string, change: object) => ({
  name,
  condition: name,
  description: parseRun(describe(change), builtIn),
});
const forecast = (...cells: ReturnType<typeof cell>[]) =>
  forecastCollection({ experiment: "sweep", settings: {}, cells, tasks: new TaskShelf(builtIn) });

test("counts steps, operations and bytes of each different run, runs alike but for the seed once", async () => {
  const [trained, untrained, ...others] = await forecast(
    cell("a", { epochs: 3 }),
    cell("b", { epochs: 3, seed: 2 }),
    cell("c", { epochs: 0 }),
  );
  expect(others).toEqual([]);
  expect(trained).toMatchObject({ runs: ["a", "b"], device: "cpu", steps: 3 * Math.ceil(40 / batch) });
  expect(untrained).toMatchObject({ runs: ["c"], steps: 0 });
  expect(untrained).not.toHaveProperty("secondsPerStep");
  const parameters = pixels * hidden + hidden + hidden * classes + classes;
  // A weight, two moments of Adam beside it, and one number of updates.
  expect(trained!.disk).toBe(4 * (3 * parameters + 1));
  expect(trained!.memory).toBeGreaterThan(trained!.disk);
  // Drive and update of each projection, and the error's way back through the second: 2 operations a weight and sample.
  const products = 2 * batch * (2 * pixels * hidden + 3 * hidden * classes);
  expect(trained!.flops).toBeGreaterThan(products);
  expect(trained!.flops).toBeLessThan(2 * products);
  expect(trained!.secondsPerStep).toBeGreaterThan(0);
  expect(trained!.seconds).toBeGreaterThan(9 * trained!.secondsPerStep!);
  expect(untrained!.seconds).toBeGreaterThan(0);
});

test("reckons with no more evaluations than there are batches", async () => {
  const [sane, absurd] = await forecast(
    cell("a", { epochs: 1, evaluations: 5 }),
    cell("b", { epochs: 1, evaluations: 1_000_000 }),
  );
  expect(absurd!.seconds / sane!.seconds).toBeLessThan(1000);
});

test("refuses what could not run", async () => {
  await expect(forecast(cell("a", { rule: { kind: "gevb" } }))).rejects.toThrow(UsageError);
});
