import fc from "fast-check";
import { expect, test } from "vitest";
import { nextEvaluation } from "../../src/experiments/training.ts";

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
