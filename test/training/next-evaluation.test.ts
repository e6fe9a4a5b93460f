import fc from "fast-check";
import { expect, test } from "vitest";
import { nextEvaluation } from "../../src/training/training.ts";

test("evaluations are evenly spaced, end each epoch, and do not depend on where a run was interrupted", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 }), fc.nat(200), (steps, parts, from) => {
      const next = nextEvaluation(from, steps, parts);
      expect(next).toBeGreaterThan(from);
      expect(next - from).toBeLessThanOrEqual(steps);
      // Every step between gives the same answer.
      for (let step = from; step < next; step++) expect(nextEvaluation(step, steps, parts)).toBe(next);
      const epochEnd = (Math.floor(from / steps) + 1) * steps;
      expect(next).toBeLessThanOrEqual(epochEnd);
      expect(nextEvaluation(epochEnd - 1, steps, parts)).toBe(epochEnd);
    }),
  );
});

test("the next evaluation is the first boundary after the step, of all the boundaries in order", () => {
  const inOrder = (step: number, stepsPerEpoch: number, evaluations: number, presentations: number): number => {
    const start = Math.floor(step / stepsPerEpoch) * stepsPerEpoch;
    for (let part = 1; part <= evaluations; part++) {
      const batches = Math.round((part * stepsPerEpoch) / (evaluations * presentations));
      if (start + presentations * batches > step) return start + presentations * batches;
    }
    return start + stepsPerEpoch;
  };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(20_000),
      (batches, parts, presentations, step) => {
        const steps = batches * presentations;
        expect(nextEvaluation(step, steps, parts, presentations)).toBe(inOrder(step, steps, parts, presentations));
      },
    ),
  );
});

test("as many evaluations as nobody wants are one after every batch, found without counting them", () => {
  for (const step of [0, 1, 467, 468, 469, 10_000]) {
    expect(nextEvaluation(step, 469, 1e12)).toBe(step + 1);
    expect(nextEvaluation(step, 938, 1e12, 2)).toBe(2 * Math.floor(step / 2) + 2);
  }
});
