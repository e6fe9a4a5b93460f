import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairwiseDistances } from "../../src/analysis/distances.ts";
import { embed } from "../../src/analysis/embedding.ts";
import { neighbourPurity } from "../../src/analysis/neighbour-purity.ts";
import { silhouette } from "../../src/analysis/silhouette.ts";
import { randomStream } from "../../src/compute/random.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { separatedClusters } from "./clusters.ts";

const clusters = separatedClusters({ each: 20, classes: 4, spread: 1, seed: 3 });
const distances = pairwiseDistances(clusters.recording);

describe("embed", () => {
  test.each([1, 2, 3])("keeps clusters apart that lie apart, from seed %i", (seed) => {
    const data = embed(distances, { seed });
    const plane = pairwiseDistances({ shape: [80, 2], data });
    expect(neighbourPurity(plane, clusters.labels)).toBe(1);
    expect(silhouette(plane, clusters.labels)).toBeGreaterThan(0.6);
  });

  test("keeps the nearest neighbours of points in a plane", () => {
    const random = randomStream(5, "plane");
    const points = Array.from({ length: 2 * 60 }, () => random.normal());
    const before = pairwiseDistances({ shape: [60, 2], data: points });
    const after = pairwiseDistances({ shape: [60, 2], data: embed(before, { seed: 1, perplexity: 10 }) });
    const nearest = ({ values }: typeof before, sample: number) =>
      [...values.subarray(sample * 60, (sample + 1) * 60)]
        .map((distance, other) => ({ distance, other }))
        .sort((one, other) => one.distance - other.distance)
        .slice(1, 9)
        .map(({ other }) => other);
    let kept = 0;
    for (let sample = 0; sample < 60; sample++) {
      const now = nearest(after, sample);
      kept += nearest(before, sample).filter((other) => now.includes(other)).length / 8;
    }
    expect(kept / 60).toBeGreaterThan(0.75);
  });

  test("gives the same bits for the same seed, others for another, and does not ask for the unit of the distances", () => {
    const first = embed(distances, { seed: 1, iterations: 60 });
    expect(embed(distances, { seed: 1, iterations: 60 })).toEqual(first);
    expect(embed(distances, { seed: 2, iterations: 60 })).not.toEqual(first);
    const powers = fc.constantFrom(-60, -7, 60).map((exponent) => 2 ** exponent);
    fc.assert(
      fc.property(powers, (unit) => {
        const scaled = { count: distances.count, values: distances.values.map((value) => value * unit) };
        expect(embed(scaled, { seed: 1, iterations: 60 })).toEqual(first);
      }),
      { numRuns: 5 },
    );
  });

  test("stays finite and centred for any number of samples, also of equal ones", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.boolean(), (count, seed, equal) => {
        const random = randomStream(seed, "samples");
        const data = Array.from({ length: 3 * count }, () => (equal ? 1 : random.normal()));
        const points = embed(pairwiseDistances({ shape: [count, 3], data }), { seed: 1, iterations: 120 });
        expect(points).toHaveLength(2 * count);
        expect(points.every(Number.isFinite)).toBe(true);
        const largest = points.reduce((size, value) => Math.max(size, Math.abs(value)), 1e-9);
        for (const axis of [0, 1])
          expect(
            Math.abs(points.filter((_, index) => index % 2 === axis).reduce((sum, value) => sum + value, 0)),
          ).toBeLessThan(1e-9 * count * largest + 1e-9);
      }),
      { numRuns: 25 },
    );
  });

  test("stays finite where more samples are equally far than the perplexity has neighbours", () => {
    // One sample on its own, all others at one place: none of them is nearer to it than another.
    const data = [5, ...Array.from({ length: 59 }, () => 0)];
    const points = embed(pairwiseDistances({ shape: [60, 1], data }), { seed: 1, perplexity: 10, iterations: 120 });
    expect(points.every(Number.isFinite)).toBe(true);
  });

  test("a perplexity or number of iterations out of range is refused", () => {
    for (const perplexity of [0.5, 80, Number.NaN]) {
      expect(() => embed(distances, { seed: 1, perplexity })).toThrow(UsageError);
      expect(() => embed(distances, { seed: 1, perplexity })).toThrow(
        `Embedding: perplexity is ${perplexity}, expected from 1 to below the 80 samples; 5 to 50 is usual`,
      );
    }
    expect(() => embed(distances, { seed: 1, iterations: 0 })).toThrow(
      "Embedding: iterations is 0, expected an integer from 1 on; 500 is usual",
    );
    expect(() => embed({ count: 1, values: new Float64Array(1) }, { seed: 1 })).toThrow("perplexity is 1, expected");
  });
});
