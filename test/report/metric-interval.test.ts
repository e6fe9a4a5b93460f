import fc from "fast-check";
import { expect, test } from "vitest";
import { wilsonInterval } from "../../src/analysis/wilson-interval.ts";
import { metricInterval } from "../../src/report/metric-interval.ts";
import type { RunRecord } from "../../src/report/run-record.ts";

test("several decisions on one stimulus are no further draw", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(100),
      (stimuli, glimpses, share) => {
        const error = share / 100;
        const last = { set: "test", error, count: stimuli * glimpses, ...(glimpses > 1 ? { stimuli } : {}) };
        const run = { evaluations: [last], summary: { testError: error } } as unknown as RunRecord;
        expect(metricInterval(run, "error")).toEqual(wilsonInterval(error, stimuli));
      },
    ),
  );
});

test("fewer decisions than stimuli are as many draws as decisions", () => {
  const last = { set: "test", error: 0.5, count: 20, stimuli: 200 };
  const run = { evaluations: [last], summary: { testError: 0.5 } } as unknown as RunRecord;
  expect(metricInterval(run, "error")).toEqual(wilsonInterval(0.5, 20));
});

test("only shares of samples have one, and only where the run ends with the last evaluation", () => {
  const last = { set: "test", error: 0.5, r2: 0.5, count: 20 };
  const metrics = { r2: { unit: "", better: "more", of: "variance that is explained" } };
  const summary = { testError: 0.5, testR2: 0.5 };
  const interval = (run: object, name: string) => metricInterval(run as unknown as RunRecord, name);
  expect(interval({ evaluations: [last], summary: { ...summary, metrics } }, "r2")).toBeUndefined();
  expect(interval({ evaluations: [last], summary: { ...summary, metrics } }, "error")).toBeUndefined();
  expect(interval({ evaluations: [{ ...last, error: 0.4 }], summary }, "error")).toBeUndefined();
  expect(interval({ evaluations: [{ ...last, set: "validation" }], summary }, "error")).toBeUndefined();
  expect(interval({ evaluations: [], summary }, "error")).toBeUndefined();
});
