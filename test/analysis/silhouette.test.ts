import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairwiseDistances } from "../../src/analysis/distances.ts";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { silhouette } from "../../src/analysis/silhouette.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { labelled, reordered, separatedClusters } from "./clusters.ts";
import { mapRows, transformRow, varied } from "./recordings.ts";

const score = (recording: Matrix, labels: ArrayLike<number>) => silhouette(pairwiseDistances(recording), labels);

/** The definition, sample by sample, from the recording itself. */
function oracle({ shape: [count, units], data }: Matrix, labels: readonly number[]): number {
  const row = (index: number) => Array.from(data).slice(index * units, (index + 1) * units);
  const meanDistance = (from: number, members: readonly number[]) =>
    members.reduce((sum, to) => sum + Math.hypot(...row(from).map((value, unit) => value - row(to)[unit]!)), 0) /
    members.length;
  const members = (label: number, except: number) =>
    labels.flatMap((each, index) => (each === label && index !== except ? [index] : []));
  const scores = labels.map((label, sample) => {
    const own = members(label, sample);
    if (own.length === 0) return 0;
    const a = meanDistance(sample, own);
    const others = [...new Set(labels)].filter((each) => each !== label);
    const b = Math.min(...others.map((other) => meanDistance(sample, members(other, sample))));
    return a === 0 && b === 0 ? 0 : (b - a) / Math.max(a, b);
  });
  return scores.reduce((sum, value) => sum + value, 0) / count;
}

describe("silhouette", () => {
  test("is the mean that its definition gives, and lies in [-1, 1]", () => {
    fc.assert(
      fc.property(labelled, ({ recording, labels }) => {
        const found = score(recording, labels);
        expect(found).toBeCloseTo(oracle(recording, labels), 10);
        expect(Math.abs(found)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("does not change with an isometry, a scale, the order of the samples or the names of the classes", () => {
    const scales = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        labelled,
        varied(5),
        scales,
        varied(5),
        fc.infiniteStream(fc.nat()),
        (drawn, direction, scale, offset, keys) => {
          const { recording, labels } = drawn;
          const expected = score(recording, labels);
          const moved = mapRows(recording, (row) =>
            transformRow(row, direction).map((value, unit) => value * scale + offset[unit]!),
          );
          expect(score(moved, labels)).toBeCloseTo(expected, 8);
          const order = labels
            .map((_, index) => ({ index, key: keys.next().value as number }))
            .sort((one, other) => one.key - other.key)
            .map(({ index }) => index);
          const changed = reordered(drawn, order);
          expect(score(changed.recording, changed.labels)).toBeCloseTo(expected, 10);
          expect(
            score(
              recording,
              labels.map((label) => 7 - 3 * label),
            ),
          ).toBeCloseTo(expected, 10);
        },
      ),
    );
  });

  test("tends to 1 as clusters that lie apart become tight", () => {
    const at = (spread: number) => {
      const { recording, labels } = separatedClusters({ each: 6, classes: 4, spread, seed: 2 });
      return score(recording, labels);
    };
    expect(at(1)).toBeGreaterThan(0.5);
    expect(at(0.1)).toBeGreaterThan(at(1));
    expect(at(1e-4)).toBeGreaterThan(0.9999);
    expect(at(0)).toBe(1);
  });

  test("of four points on a line, by hand", () => {
    // a = 1 and b = 3.5 or 2.5 at the points of the first class; the second class mirrors it.
    expect(score({ shape: [4, 1], data: [0, 1, 3, 4] }, [0, 0, 1, 1])).toBeCloseTo((2.5 / 3.5 + 1.5 / 2.5) / 2, 12);
    // A sample alone in its class scores 0, and so do two at the same place as all others.
    expect(score({ shape: [3, 1], data: [0, 1, 4] }, [0, 0, 1])).toBeCloseTo((3 / 4 + 2 / 3) / 3, 12);
    expect(score({ shape: [4, 1], data: [2, 2, 2, 2] }, [0, 0, 1, 1])).toBe(0);
  });

  test("a single class, or labels of other samples, are refused", () => {
    const recording = { shape: [3, 1] as const, data: [1, 2, 3] };
    expect(() => score(recording, [4, 4, 4])).toThrow(DataError);
    expect(() => score(recording, [4, 4, 4])).toThrow(
      "Silhouette: all 3 samples have label 4, expected at least 2 classes; take more samples",
    );
    expect(() => score(recording, [0, 1])).toThrow(ShapeError);
    expect(() => score(recording, [0, 1])).toThrow(
      "Silhouette: there are 2 labels for 3 samples, expected one a sample",
    );
  });
});
