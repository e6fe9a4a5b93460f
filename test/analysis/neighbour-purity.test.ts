import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairwiseDistances } from "../../src/analysis/distances.ts";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { neighbourPurity } from "../../src/analysis/neighbour-purity.ts";
import { randomStream } from "../../src/compute/random.ts";
import { ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { labelled, reordered, separatedClusters } from "./clusters.ts";

const score = (recording: Matrix, labels: ArrayLike<number>, neighbours?: number) =>
  neighbourPurity(pairwiseDistances(recording), labels, neighbours);

describe("neighbourPurity", () => {
  test("without ties is the share of the class among the first of the sorted others", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 12 }), fc.nat(), (seed, count, drawn) => {
        const neighbours = 1 + (drawn % (count - 1));
        const random = randomStream(seed, "places");
        const data = Array.from({ length: 2 * count }, () => random.normal());
        const labels = Array.from({ length: count }, () => random.integer(0, 1));
        const shares = labels.map((label, sample) => {
          const far = (other: number) =>
            Math.hypot(data[2 * sample]! - data[2 * other]!, data[2 * sample + 1]! - data[2 * other + 1]!);
          const others = labels.map((_, index) => index).filter((index) => index !== sample);
          const nearest = others.sort((one, other) => far(one) - far(other)).slice(0, neighbours);
          return nearest.filter((other) => labels[other] === label).length / neighbours;
        });
        const expected = shares.reduce((sum, share) => sum + share, 0) / count;
        expect(score({ shape: [count, 2], data }, labels, neighbours)).toBeCloseTo(expected, 10);
      }),
    );
  });

  test("lies in [0, 1] and does not change with the order of the samples, ties or not", () => {
    fc.assert(
      fc.property(labelled, fc.nat(), fc.infiniteStream(fc.nat()), (drawn, number, keys) => {
        const { recording, labels } = drawn;
        const neighbours = 1 + (number % (labels.length - 1));
        const found = score(recording, labels, neighbours);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1);
        const order = labels
          .map((_, index) => ({ index, key: keys.next().value as number }))
          .sort((one, other) => one.key - other.key)
          .map(({ index }) => index);
        const changed = reordered(drawn, order);
        expect(score(changed.recording, changed.labels, neighbours)).toBeCloseTo(found, 10);
      }),
    );
  });

  test("is 1 for clusters that lie apart, and chance for labels that say nothing of the place", () => {
    const { recording, labels } = separatedClusters({ each: 40, classes: 5, spread: 0.5, seed: 4 });
    expect(score(recording, labels)).toBe(1);
    const order = randomStream(1, "shuffle").permutation(labels.length);
    const shuffled = Array.from(order, (index) => labels[index]!);
    // Each class has 40 of 200 samples, of the others 39 of 199; 2000 neighbours leave a deviation of about a hundredth.
    expect(Math.abs(score(recording, shuffled) - 39 / 199)).toBeLessThan(0.05);
  });

  test("with all others as neighbours is the share of the class among them, wherever they lie", () => {
    fc.assert(
      fc.property(labelled, ({ recording, labels }) => {
        const count = labels.length;
        const same = labels.reduce((sum, label) => sum + labels.filter((other) => other === label).length - 1, 0);
        expect(score(recording, labels, count - 1)).toBeCloseTo(same / (count * (count - 1)), 10);
      }),
    );
  });

  test("counts samples that are equally far for equal parts", () => {
    // Of the middle one's two neighbours at distance 1 there is room for one.
    expect(score({ shape: [3, 1], data: [-1, 0, 1] }, [0, 0, 1], 1)).toBeCloseTo((1 + 0.5 + 0) / 3, 12);
  });

  test("more neighbours than there are, or labels of other samples, are refused", () => {
    const recording = { shape: [3, 1] as const, data: [1, 2, 3] };
    for (const neighbours of [0, 3, 1.5, Number.NaN]) {
      expect(() => score(recording, [0, 1, 0], neighbours)).toThrow(UsageError);
      expect(() => score(recording, [0, 1, 0], neighbours)).toThrow(
        `Neighbour purity: neighbours is ${neighbours}, expected an integer from 1 to 2, since there are 3 samples`,
      );
    }
    expect(() => score(recording, [0, 1], 1)).toThrow(ShapeError);
  });
});
