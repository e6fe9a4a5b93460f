import fc from "fast-check";
import { expect, test } from "vitest";
import { inverseFrequencyWeights } from "../../../src/tasks/scenes/class-weights.ts";

const classes = 12;
const labelled = fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: 1, maxLength: 200 });

test("class weights have mean 1 over the objects, and every class has the same sum", () => {
  fc.assert(
    fc.property(labelled, (labels) => {
      const weights = inverseFrequencyWeights(labels, classes);
      const sums = new Array<number>(classes).fill(0);
      for (const label of labels) sums[label]! += weights[label]!;
      expect(sums.reduce((total, sum) => total + sum) / labels.length).toBeCloseTo(1, 5);
      const found = [...new Set(labels)];
      for (const label of found) expect(sums[label]).toBeCloseTo(labels.length / found.length, 4);
      weights.forEach((weight, label) => {
        if (!found.includes(label)) expect(weight).toBe(1);
      });
    }),
  );
});

test("three objects of one class and one of another weigh 2/3 and 2", () => {
  expect(inverseFrequencyWeights([0, 0, 2, 0], 3)).toEqual(Float32Array.of(2 / 3, 1, 2));
});
