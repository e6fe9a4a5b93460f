import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classificationScores, type Decisions } from "../../src/analysis/classification-scores.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError, UsageError } from "../../src/kinds/errors.ts";

const decisions = fc.integer({ min: 1, max: 5 }).chain((classes) =>
  fc.array(fc.tuple(fc.nat({ max: classes - 1 }), fc.nat({ max: classes - 1 })), { minLength: 1, maxLength: 20 }).map(
    (pairs): Decisions => ({
      predicted: pairs.map(([predicted]) => predicted),
      labels: pairs.map(([, label]) => label),
      classes,
    }),
  ),
);

const scoresOf = (given: Decisions) => {
  const { accuracy, balancedAccuracy, macroF1 } = classificationScores(given);
  return [accuracy, balancedAccuracy, macroF1];
};

describe("classificationScores", () => {
  test("the confusion matrix counts every sample once, in the row of its class and the column of the decision", () => {
    fc.assert(
      fc.property(decisions, ({ predicted, labels, classes }) => {
        const { confusion } = classificationScores({ predicted, labels, classes });
        expect(confusion.shape).toEqual([classes, classes]);
        for (let label = 0; label < classes; label++)
          for (let decided = 0; decided < classes; decided++) {
            const count = Array.from(labels).filter((own, at) => own === label && predicted[at] === decided).length;
            expect(confusion.data[label * classes + decided]).toBe(count);
          }
      }),
    );
  });

  test("scores lie in [0, 1], are 1 if and only if all is right, and 0 where nothing is", () => {
    fc.assert(
      fc.property(decisions, ({ predicted, labels, classes }) => {
        const right = Array.from(labels, (label, at) => label === predicted[at]);
        for (const score of scoresOf({ predicted, labels, classes })) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(score === 1).toBe(right.every(Boolean));
          expect(score === 0).toBe(!right.some(Boolean));
        }
      }),
    );
  });

  test("scores do not change with the order of samples, the names of classes and more classes", () => {
    fc.assert(
      fc.property(decisions, fc.nat(), ({ predicted, labels, classes }, seed) => {
        const random = randomStream(seed, "order");
        const order = Array.from(random.permutation(labels.length));
        const names = random.permutation(classes + 2);
        const changed = scoresOf({
          predicted: order.map((at) => names[predicted[at]!]!),
          labels: order.map((at) => names[labels[at]!]!),
          classes: classes + 2,
        });
        scoresOf({ predicted, labels, classes }).forEach((score, at) => {
          expect(changed[at]).toBeCloseTo(score, 12);
        });
      }),
    );
  });

  test("balanced accuracy does not change where one class is shown more often, and is accuracy where all are shown as often", () => {
    fc.assert(
      fc.property(decisions, fc.integer({ min: 2, max: 4 }), ({ predicted, labels, classes }, times) => {
        const again = Array.from(labels, (label, at) => [label, predicted[at]!] as const).flatMap((pair) =>
          Array<typeof pair>(pair[0] === labels[0] ? times : 1).fill(pair),
        );
        const repeated = {
          labels: again.map(([label]) => label),
          predicted: again.map(([, decided]) => decided),
          classes,
        };
        const { balancedAccuracy } = classificationScores({ predicted, labels, classes });
        expect(classificationScores(repeated).balancedAccuracy).toBeCloseTo(balancedAccuracy, 12);

        const evenly = [...Array(classes).keys(), ...Array(classes).keys()];
        const guesses = evenly.map((_, at) => predicted[at % predicted.length]!);
        const balanced = classificationScores({ predicted: guesses, labels: evenly, classes });
        expect(balanced.balancedAccuracy).toBeCloseTo(balanced.accuracy, 12);
      }),
    );
  });

  test("known answer", () => {
    const { confusion, accuracy, balancedAccuracy, macroF1 } = classificationScores({
      labels: [0, 0, 0, 0, 1, 1],
      predicted: [0, 0, 1, 2, 1, 0],
      classes: 4,
    });
    expect(Array.from(confusion.data)).toEqual([2, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(accuracy).toBeCloseTo(3 / 6, 12);
    expect(balancedAccuracy).toBeCloseTo((2 / 4 + 1 / 2) / 2, 12);
    // F1 = 4/7, 2/4 and, of class 2 that was decided once and never right, 0; class 3 is left out.
    expect(macroF1).toBeCloseTo((4 / 7 + 2 / 4 + 0) / 3, 12);
  });

  test.each<[Decisions, new (...args: never[]) => Error, string]>([
    [
      { predicted: [0], labels: [0, 1], classes: 2 },
      ShapeError,
      "there are 2 labels for 1 samples, expected one a sample",
    ],
    [{ predicted: [], labels: [], classes: 2 }, DataError, "there are 0 samples, expected at least 1; check what was"],
    [
      { predicted: [0, 2], labels: [0, 1], classes: 2 },
      DataError,
      "predicted of sample 1 is 2, expected an integer from 0",
    ],
    [
      { predicted: [0, 1], labels: [-1, 1], classes: 2 },
      DataError,
      "label of sample 0 is -1, expected an integer from 0 to 1",
    ],
    [{ predicted: [0.5], labels: [0], classes: 2 }, DataError, "predicted of sample 0 is 0.5"],
    [
      { predicted: [0], labels: [0], classes: 0 },
      UsageError,
      "classes is 0, expected an integer from 1 on; 10 for digits",
    ],
  ])("what is no classification is refused (%#)", (given, kind, text) => {
    expect(() => classificationScores(given)).toThrow(kind);
    expect(() => classificationScores(given)).toThrow(`Classification scores: ${text}`);
  });
});
