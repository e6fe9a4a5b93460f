import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { scratchFolder } from "../small-runs.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

const circuit = {
  name: "flowers",
  inputs: [{ name: "measures", units: 4 }],
  populations: [{ name: "species", units: 3 }],
  projections: [{ pre: "measures", post: "species" }],
  readouts: ["species"],
};
const settings = { circuit, rule: "bp", optimiser: { kind: "adam", rate: 0.01 } };

/** The task that reaches the backend. */
async function taskOf(task: object, ...words: string[]): Promise<unknown> {
  const file = join(await scratchFolder(), "mine.yaml");
  await writeFile(file, stringify({ ...settings, ...task }));
  const backend = new FakeBackend();
  const { code, err } = await sulcus(["run", "circuit", "--config", file, ...words], backend);
  expect([code, err.split("\n").filter((line) => line.startsWith("sulcus:"))]).toEqual([0, []]);
  return (backend.requests[0] as { options?: { task?: unknown } } | undefined)?.options?.task;
}

test("--data makes the task one of arrays, in place of another one or of none", async () => {
  for (const before of [{}, { task: "digits" }, { task: { kind: "symbols", size: 8 } }])
    expect(await taskOf(before, "--data", "own.csv")).toEqual({ kind: "arrays", file: "own.csv" });
});

test("--data names other data for a task of arrays, whose settings stay and can be set beside it", async () => {
  const task = { kind: "arrays", file: resolve("first.npz"), targets: "choice", split: { test: 0.5 } };
  const sha256 = "0".repeat(64);
  const more = ["--set", "task.split.test=9", "task.as=values"];
  expect(await taskOf({ task: { ...task, sha256 } }, "--data", "own.npz", ...more)).toEqual({
    ...task,
    file: "own.npz",
    split: { test: 9 },
    as: "values",
  });
  const names = ["--stimuli", "left,right", "--targets", "choice", "--as", "labels", "--set", "task.split.test=9"];
  expect(await taskOf({}, "--data", "own.npz", ...names)).toEqual({
    kind: "arrays",
    file: "own.npz",
    stimuli: ["left", "right"],
    targets: ["choice"],
    as: "labels",
    split: { test: 9 },
  });
});
