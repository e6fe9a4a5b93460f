import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleDegrees } from "../../src/analysis/angle.ts";
import { pairCorrelations } from "../../src/analysis/correlation.ts";
import { participationRatio } from "../../src/analysis/dimensionality.ts";
import { pairwiseDistances } from "../../src/analysis/distances.ts";
import { embed } from "../../src/analysis/embedding.ts";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { modularity } from "../../src/analysis/modularity.ts";
import { modulation } from "../../src/analysis/modulation.ts";
import { neighbourPurity } from "../../src/analysis/neighbour-purity.ts";
import { silhouette } from "../../src/analysis/silhouette.ts";
import { linearCKA } from "../../src/analysis/similarity.ts";
import { specialization } from "../../src/analysis/specialization.ts";
import { tuningChanges } from "../../src/analysis/tuning.ts";
import { randomStream } from "../../src/compute/random.ts";

const side = 12;
const labels = Array.from({ length: side }, (_, sample) => sample % 3);
const partners = Array.from({ length: side }, (_, sample) => (sample + 1) % side);

/** Recordings of as many samples as units. */
const recording = fc.nat().map((seed): Matrix => {
  const random = randomStream(seed, "recording");
  return { shape: [side, side], data: Float64Array.from({ length: side * side }, () => random.normal()) };
});

const scaled = ({ shape, data }: Matrix, exponent: number): Matrix => ({
  shape,
  data: Float64Array.from(data, (value) => value * 2 ** exponent),
});
const magnitudes = ({ shape, data }: Matrix): Matrix => ({ shape, data: Float64Array.from(data, Math.abs) });

/** Scores of recordings that have no unit, by name; of two recordings each has one of its own. */
const scores: Readonly<Record<string, (a: Matrix, b: Matrix) => unknown>> = {
  "the angle": (a, b) => angleDegrees(a.data, b.data),
  "the correlation of states": (a) => pairCorrelations(a, partners),
  "the participation ratio": (a) => participationRatio(a),
  "the silhouette": (a) => silhouette(pairwiseDistances(a), labels),
  "neighbour purity": (a) => neighbourPurity(pairwiseDistances(a), labels, 4),
  "linear CKA": (a, b) => linearCKA(a, b),
  specialization: (a) => specialization(a),
  modularity: (a) => modularity({ adjacency: magnitudes(a), labels }),
  "the change of activity": (a) => modulation({ attended: a, unattended: magnitudes(scaled(a, 1)) }).percent,
  "the shift of tuning": (a, b) =>
    tuningChanges({ attended: a, unattended: b }).tuned.map(({ shift, correlation }) => [shift, correlation]),
};

describe.each(Object.entries(scores))("%s", (_name, score) => {
  it("is the same to the last digit whatever the unit of either recording, from 1e-280 to 1e280", () => {
    const exponent = fc.oneof(fc.integer({ min: -930, max: 930 }), fc.constantFrom(-930, -600, 600, 930));
    fc.assert(
      fc.property(recording, recording, exponent, exponent, (a, b, one, other) => {
        expect(score(scaled(a, one), scaled(b, other))).toEqual(score(a, b));
      }),
      { numRuns: 25 },
    );
  });
});

describe("sums of numbers next to the largest", () => {
  it("do not overflow in silhouette and specialization", () => {
    const largest = 2 ** 1023;
    const distances = (unit: number) => ({
      count: 4,
      values: Float64Array.of(0, 1, 2, 2, 1, 0, 2, 2, 2, 2, 0, 1, 2, 2, 1, 0).map((value) => (value / 2) * unit),
    });
    expect(silhouette(distances(largest), [0, 0, 1, 1])).toBe(silhouette(distances(1), [0, 0, 1, 1]));
    const metric = (unit: number): Matrix => ({ shape: [2, 2], data: [unit, unit / 2, 0, unit] });
    expect(specialization(metric(largest))).toEqual(specialization(metric(1)));
  });
});

describe("the gain of tuning", () => {
  it("is in the unit of the attended rates over that of the others, the offset in that of the attended", () => {
    fc.assert(
      fc.property(recording, recording, fc.integer({ min: -500, max: 500 }), (a, b, exponent) => {
        const factor = 2 ** exponent;
        const usual = tuningChanges({ attended: a, unattended: b }).tuned;
        const attended = tuningChanges({ attended: scaled(a, exponent), unattended: b }).tuned;
        const both = tuningChanges({ attended: scaled(a, exponent), unattended: scaled(b, exponent) }).tuned;
        for (const [unit, { gain, offset }] of usual.entries()) {
          expect(attended[unit]!.gain).toBe(gain * factor);
          expect(attended[unit]!.offset / factor).toBeCloseTo(offset, 12);
          expect(both[unit]!.gain).toBe(gain);
          expect(both[unit]!.offset / factor).toBeCloseTo(offset, 12);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("the embedding", () => {
  it("is the same to the last digit whatever the unit of the distances", () => {
    const random = randomStream(1, "embedded");
    const data = Float64Array.from({ length: 3 * 20 }, (_, at) => random.normal() + (at < 30 ? 0 : 6));
    const place = (exponent: number) =>
      embed(pairwiseDistances(scaled({ shape: [20, 3], data }, exponent)), { seed: 1, iterations: 40 });
    const usual = place(0);
    expect(usual.every(Number.isFinite)).toBe(true);
    for (const exponent of [-1000, -600, -540, 510, 540, 1000]) expect(place(exponent)).toEqual(usual);
  });
});
