import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classificationScores } from "../../src/analysis/classification-scores.ts";
import { type Distances, pairwiseDistances } from "../../src/analysis/distances.ts";
import { embed } from "../../src/analysis/embedding.ts";
import { modularity } from "../../src/analysis/modularity.ts";
import { neighbourPurity } from "../../src/analysis/neighbour-purity.ts";
import { silhouette } from "../../src/analysis/silhouette.ts";
import { stateCorrelations } from "../../src/analysis/state-correlation.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { shown } from "../../src/kinds/shown.ts";

const count = 8;
const random = randomStream(1, "labels");
const recording = { shape: [count, 3] as const, data: Array.from({ length: 3 * count }, () => random.normal()) };
const adjacency = {
  shape: [count, count] as const,
  data: Array.from({ length: count * count }, () => random.uniform()),
};
const right = Array.from({ length: count }, (_, index) => index % 2);

const scores: [string, (labels: ArrayLike<number>) => unknown, of: string][] = [
  ["Silhouette", (labels) => silhouette(pairwiseDistances(recording), labels), "sample"],
  ["Neighbour purity", (labels) => neighbourPurity(pairwiseDistances(recording), labels, 2), "sample"],
  ["Modularity", (labels) => modularity({ adjacency, labels }), "unit"],
  ["Classification scores", (labels) => classificationScores({ predicted: right, labels, classes: 2 }), "sample"],
  [
    "State correlation of digit 1",
    (labels) => stateCorrelations({ states: recording, digits: [right, labels], random: randomStream(1, "pairs") }),
    "sample",
  ],
];

/** What is no label, as a caller without types may give it. */
const noLabels = fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, undefined, null, "1", true, {});

describe.each(scores)("labels of %s", (name, score, labelled) => {
  test("are refused by place and value where one is no finite number", () => {
    expect(() => score(right)).not.toThrow();
    fc.assert(
      fc.property(fc.nat(count - 1), noLabels, (place, wrong) => {
        const labels = right.map((label, index) => (index === place ? wrong : label)) as number[];
        expect(() => score(labels)).toThrow(DataError);
        expect(() => score(labels)).toThrow(
          `${name}: label of ${labelled} ${place} is ${shown(wrong)}, expected a finite number; give every ${labelled} a class, ` +
            "or leave it out",
        );
      }),
    );
  });

  test("are refused where an array has a hole or a typed array a NaN", () => {
    const holed = [...right];
    delete holed[2];
    expect(() => score(holed)).toThrow(`${name}: label of ${labelled} 2 is nothing, expected a finite number`);
    const typed = Float32Array.from(right);
    typed[5] = Number.NaN;
    expect(() => score(typed)).toThrow(`${name}: label of ${labelled} 5 is NaN, expected a finite number`);
  });

  test("are refused where they are too few", () => {
    expect(() => score(right.slice(1))).toThrow(ShapeError);
    expect(() => score(right.slice(1))).toThrow(`${name}: there are 7 labels for 8 ${labelled}s`);
  });
});

describe.each<[string, (distances: Distances) => unknown]>([
  ["Silhouette", (distances) => silhouette(distances, right)],
  ["Neighbour purity", (distances) => neighbourPurity(distances, right, 2)],
  ["Embedding", (distances) => embed(distances, { seed: 1, iterations: 1 })],
])("distances of %s", (name, score) => {
  const distances = pairwiseDistances(recording);

  test("are refused by pair where one is no distance", () => {
    fc.assert(
      fc.property(
        fc.nat(count * count - 1),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1),
        (place, wrong) => {
          const values = distances.values.slice();
          values[place] = wrong;
          expect(() => score({ count, values })).toThrow(DataError);
          expect(() => score({ count, values })).toThrow(
            `${name}: the distance of sample ${Math.floor(place / count)} to ${place % count} is ${wrong}, expected a finite ` +
              "number from 0 on; make distances with pairwiseDistances",
          );
        },
      ),
    );
  });

  test("are refused where they do not fill their shape", () => {
    const few = { count, values: distances.values.subarray(1) };
    expect(() => score(few)).toThrow(ShapeError);
    expect(() => score(few)).toThrow(
      `${name}: there are 63 distances for 8 samples, expected 8 x 8; make distances with pairwiseDistances`,
    );
  });
});
