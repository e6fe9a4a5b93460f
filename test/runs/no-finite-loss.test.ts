import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { SulcusError } from "../../src/kinds/errors.ts";
import { attention as attentionMeasure } from "../../src/papers/attention/attention-measure.ts";
import type { AttentionRecord } from "../../src/papers/attention/attention-record.ts";
import { measureFile } from "../../src/runs/record/measure-records.ts";
import { appendMetrics } from "../../src/runs/record/metrics-log.ts";
import { writeNpz } from "../../src/runs/record/npz.ts";
import { writeSummary } from "../../src/runs/record/run-folder.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import { unsoundEvaluation } from "../../src/training/unsound-evaluation.ts";
import { scratchFolder } from "../small-runs.ts";
import { evaluationAt } from "./record/evaluations.ts";

const task = symbols({ size: 8, count: 40, testCount: 20 });
const net = circuit("symbol-readout", (c) => {
  const pixels = c.input("pixels", { units: 64 });
  const hidden = c.population("hidden", { units: 4 });
  const report = c.population("report", { units: 10 });
  c.project(pixels, hidden);
  c.project(hidden, report);
});
const description = {
  circuit: net,
  task,
  rule: { kind: "bp" },
  optimiser: { kind: "sgd" as const, rate: 0.01 },
  batch: 10,
  device: "cpu",
};

describe("a run whose optimiser overflows", () => {
  test("ends, since its weights look sound and are frozen for good", async () => {
    const folder = await scratchFolder();
    const weights = join(folder, "weights.npz");
    // Activity and loss are finite; errors of 1e21 reach the hidden units, and Adam takes their squares.
    const weightAt = (name: string, at: number) =>
      name === "hidden->report/weight" ? (at % 3 === 0 ? 1e21 : -1e21) : name.endsWith("/weight") ? 1e-3 : 0;
    const parameters = buildNetwork(net).parameters.map(
      ({ name, shape }): [string, { shape: number[]; data: Float32Array }] => {
        const size = shape.reduce((product, each) => product * each, 1);
        return [name, { shape: [...shape], data: Float32Array.from({ length: size }, (_, at) => weightAt(name, at)) }];
      },
    );
    await writeNpz(weights, Object.fromEntries(parameters));
    const out = join(folder, "run");
    const optimiser = { kind: "adam" as const, rate: 0.01 };
    await expect(run({ ...description, optimiser, from: weights }, { out, onEvent: () => {} })).rejects.toThrow(
      /^run "bp" overflowed: .*secondMoment holds Infinity at \d+ after step 4, expected finite numbers; try a learning rate below 0\.01/,
    );
    for (const file of ["summary.json", "report.html", "checkpoint.npz"])
      expect(existsSync(join(out, file)), file).toBe(false);
  });
});

describe("an evaluation without a finite loss", () => {
  test("ends the run, says where the weights came from, and leaves no result", async () => {
    const folder = await scratchFolder();
    const weights = join(folder, "weights.npz");
    const parameters = buildNetwork(net).parameters.map(
      ({ name, shape }): [string, { shape: number[]; data: Float32Array }] => [
        name,
        { shape: [...shape], data: new Float32Array(shape.reduce((size, each) => size * each, 1)).fill(1e38) },
      ],
    );
    await writeNpz(weights, Object.fromEntries(parameters));
    const out = join(folder, "run");
    const events: string[] = [];
    const running = run(
      { ...description, epochs: 0, from: weights },
      { out, onEvent: ({ type }) => events.push(type) },
    );
    await expect(running).rejects.toThrow(
      new SulcusError(
        'run "bp": the loss of the evaluation at step 0 is NaN, expected a finite number: every weight is finite, ' +
          `so that activity or loss has overflowed; look at the weights in ${weights}, from which the run starts; the evaluation is ` +
          "not recorded",
      ),
    );
    expect(events).toEqual(["started"]);
    for (const file of ["metrics.jsonl", "summary.json", "report.html", "checkpoint.npz"])
      expect(existsSync(join(out, file)), file).toBe(false);
  });

  test("ends the run where training has led there, and says which weight is no number where one is", async () => {
    const out = join(await scratchFolder(), "run");
    const step = { kind: "sgd" as const, rate: 3e38 };
    const words = (cause: string) =>
      `run "bp": the loss of the evaluation at step 1 is NaN, expected a finite number: ${cause}; try a learning rate below 3e+38, ` +
      "or settings of the objective that are less extreme; the evaluation is not recorded";
    await expect(run({ ...description, optimiser: step, batch: 40 }, { out })).rejects.toThrow(
      words("every weight is finite, so that activity or loss has overflowed"),
    );
    expect(existsSync(join(out, "metrics.jsonl"))).toBe(false);
    const data = { "a/weight": Float32Array.of(1, 2), "b/weight": Float32Array.of(3, Number.NaN, 5) };
    const state = Object.fromEntries(
      Object.entries(data).map(([name, values]) => [name, { shape: [1], data: values }]),
    );
    const learner = { readState: async () => state };
    const job = { label: "bp", description: { from: "weights.npz", optimiser: step }, learner };
    expect((await unsoundEvaluation(job, 1, Number.NaN)).message).toBe(words("b/weight holds NaN at 1"));
  });
});

describe("a number that is not finite is not written", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d", async (value) => {
    const folder = await scratchFolder();
    const metrics = join(folder, "metrics.jsonl");
    await appendMetrics(metrics, evaluationAt(1));
    const before = await readFile(metrics, "utf8");
    const why =
      "expected finite numbers; a value has overflowed or 0 was divided by 0: look for a setting of extreme size, such as a " +
      "rate, a penalty or noise";
    const alignment = { "v1->v2": { angle: value, signAgreement: 1 } };
    await expect(appendMetrics(metrics, { ...evaluationAt(2), alignment })).rejects.toThrow(
      new SulcusError(`an evaluation of ${metrics} is not written: alignment.v1->v2.angle is ${value}, ${why}`),
    );
    expect(await readFile(metrics, "utf8")).toBe(before);
    const summary = {
      label: "gevb",
      rule: "gevb",
      steps: 1,
      epochs: 1,
      testError: 0,
      testLoss: value,
      trainError: null,
      alignment: {},
      seconds: 1,
      stepMilliseconds: 1,
    };
    await expect(writeSummary(folder, summary)).rejects.toThrow(
      `${join(folder, "summary.json")} is not written: testLoss is ${value}, ${why}`,
    );
    const attention = { strengths: [{ strength: 0.2, accuracy: value }] } as unknown as AttentionRecord;
    await expect(measureFile(attentionMeasure).write(folder, attention)).rejects.toThrow(
      `${join(folder, "attention.json")} is not written: strengths.0.accuracy is ${value}, ${why}`,
    );
    expect(await readdir(folder)).toEqual(["metrics.jsonl"]);
  });
});
