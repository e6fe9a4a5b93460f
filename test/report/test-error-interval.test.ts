import fc from "fast-check";
import { expect, test } from "vitest";
import { wilsonInterval } from "../../src/analysis/wilson-interval.ts";
import type { RunRecord } from "../../src/report/run-record.ts";
import { testErrorInterval } from "../../src/report/test-error-interval.ts";

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
        expect(testErrorInterval(run)).toEqual(wilsonInterval(error, stimuli));
      },
    ),
  );
});

test("fewer decisions than stimuli are as many draws as decisions", () => {
  const last = { set: "test", error: 0.5, count: 20, stimuli: 200 };
  const run = { evaluations: [last], summary: { testError: 0.5 } } as unknown as RunRecord;
  expect(testErrorInterval(run)).toEqual(wilsonInterval(0.5, 20));
});
