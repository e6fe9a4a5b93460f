import { resolve } from "node:path";
import { expect, test } from "vitest";
import { builtIn } from "../../src/library.ts";
import { describeGevbRun } from "../../src/papers/gevb/gevb.ts";
import { GevbConfig } from "../../src/papers/gevb/settings.ts";
import { describeModulesRun } from "../../src/papers/modules/modules.ts";
import { ModulesConfig } from "../../src/papers/modules/settings.ts";
import type { Task } from "../../src/tasks/task.ts";
import { parseRun } from "../../src/training/run-description.ts";

const stream = { name: "digit", height: 28, width: 28, channels: 1, steps: 1 };
const task = (streams: number) =>
  ({
    training: { shape: { streams: Array.from({ length: streams }, () => stream), targets: 1 } },
    classes: 10,
  }) as unknown as Task;

test("runs of the papers' experiments start from the weights that are named, and else from the seed", () => {
  const gevb = (settings: object) =>
    describeGevbRun({ ...GevbConfig.parse(settings), rule: "gevb", seed: 1 }, task(1), builtIn);
  expect(parseRun(gevb({ from: "runs/a" }), builtIn).from).toBe(resolve("runs/a"));
  expect(parseRun(gevb({}), builtIn)).not.toHaveProperty("from");

  // The modules' own "from" is a time step.
  const modules = (settings: object) =>
    describeModulesRun({ ...ModulesConfig.parse(settings), rule: "bp", seed: 1 }, task(2));
  const started = parseRun(modules({ startFrom: "w.npz", from: 2 }), builtIn);
  expect(started.from).toBe(resolve("w.npz"));
  expect(started.circuit.projections.map(({ from }) => from)).toContain(2);
  expect(parseRun(modules({ from: 2 }), builtIn)).not.toHaveProperty("from");
});
