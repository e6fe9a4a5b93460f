import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { resume, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { given } from "../../src/circuits/topologies/given.ts";
import { DataError } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { readNpz } from "../../src/runs/record/npz.ts";
import { observeRun } from "../../src/runs/recording/record-run.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { silent } from "../../src/training/silent.ts";
import { scratchFolder } from "../small-runs.ts";

const units = 6;
const matrix = Array.from({ length: units }, (_, post) =>
  Array.from({ length: units }, (_, pre) => ((post + pre) % 3 === 0 ? 0 : (post - pre + 0.5) / 8)),
);
const task = symbols({ limit: 60, testLimit: 20 });

const net = (file: string, frozen: boolean) =>
  circuit("connectome", (c) => {
    const cells = c.population("cells", { units, gain: "tanh" });
    c.project(c.input("pixels", { units: 784 }), cells);
    c.project(cells, cells, { topology: given({ file }), delay: 1, frozen });
    c.project(cells, c.population("report", { units: 10 }));
    c.steps(2);
  });

test("a run writes down where its connections came from, keeps them, and goes on when the file is gone", async () => {
  const folder = await scratchFolder();
  const file = join(folder, "connectome.csv");
  await writeFile(file, `${matrix.map((row) => row.join(",")).join("\n")}\n`);
  const settings = { circuit: net(file, true), task, rule: bp(), optimiser: sgd({ rate: 0.1 }), seed: 3, batch: 10 };
  const out = join(folder, "run");
  // It stops after its first evaluation, with a checkpoint.
  const stop = new AbortController();
  const begun = run(
    { ...settings, epochs: 2, evaluations: 1 },
    { out, report: false, signal: stop.signal, onEvent: ({ type }) => type === "evaluated" && stop.abort() },
  );
  await expect(begun).rejects.toThrow(InterruptedError);

  const config = parse(await readFile(join(out, "config.yaml"), "utf8"));
  const { topology, frozen } = config.run.circuit.projections[1];
  expect(topology).toEqual({
    kind: "given",
    file,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    rows: "post",
    as: "weights",
    zeros: "unconnected",
  });
  expect(frozen).toBe(true);

  await rm(file);
  const done = await resume(out, { report: false, onEvent: silent });
  expect(done.summary.epochs).toBe(2);
  const arrays = await readNpz(join(out, "checkpoint.npz"));
  expect(arrays["cells->cells/weight"]!.data).toEqual(Float32Array.from(matrix.flat()));
  expect(arrays["cells->cells/mask"]!.data).toEqual(Float32Array.from(matrix.flat(), (value) => (value === 0 ? 0 : 1)));
  expect(arrays["cells->cells/weight/velocity"]).toBeUndefined();

  // The same run anew needs the file, and the same file.
  const again = () => run(config.run, { report: false, onEvent: silent, out: join(folder, "again") });
  await expect(again()).rejects.toThrow(`projection "cells->cells": ${file} cannot be read`);
  await writeFile(file, `${matrix.map((row) => row.map((value) => -value).join(",")).join("\n")}\n`);
  await expect(again()).rejects.toThrow(DataError);
  await expect(again()).rejects.toThrow("is another file than was described");
}, 60_000);

test("an untrained circuit is recorded with the connections of its file", async () => {
  const folder = await scratchFolder();
  const file = join(folder, "connectome.csv");
  await writeFile(file, `${matrix.map((row) => row.join(",")).join("\n")}\n`);
  const settings = { circuit: net(file, true), task, rule: bp(), optimiser: sgd({ rate: 0.1 }) };
  const { arrays } = await observeRun(
    { file: "own.yaml", description: settings },
    { probes: [{ of: "cells->cells", what: "weights" }], trials: 5 },
    builtIn,
  );
  expect(Object.values(arrays).map(({ data }) => data)).toEqual([Float32Array.from(matrix.flat())]);
});
