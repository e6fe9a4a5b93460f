import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "../../../src/kinds/errors.ts";
import { partition, splitSettings } from "../../../src/tasks/arrays/partition.ts";

const counts = fc.integer({ min: 3, max: 60 });
const amounts = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 0.9, noNaN: true }));

test("sets are a partition of the trials, in rising order, of the sizes that are asked for", () => {
  fc.assert(
    fc.property(
      counts,
      amounts,
      amounts,
      fc.nat(9),
      fc.boolean(),
      fc.nat(),
      (count, validation, test, seed, named, pick) => {
        const listed = [pick % count, (pick + 1) % count];
        const split = splitSettings.parse({ validation, test: named ? "held out" : test, seed });
        const size = (amount: number) => (amount > 0 && amount < 1 ? Math.max(1, Math.round(amount * count)) : amount);
        const wanted = { validation: size(validation), test: named ? 2 : size(test) };
        const divide = () => partition("own", count, split, () => ({ shape: [2], values: listed, type: "int64" }));
        if (wanted.test === 0 || wanted.validation + wanted.test >= count) {
          expect(divide).toThrow(UsageError);
          return;
        }
        const sets = divide();
        expect(sets.validation.length).toBe(wanted.validation);
        expect(sets.test.length).toBe(wanted.test);
        if (named) expect([...sets.test]).toEqual(listed.sort((a, b) => a - b));
        for (const set of Object.values(sets)) expect([...set]).toEqual([...set].sort((a, b) => a - b));
        const all = Object.values(sets).flatMap((set) => [...set]);
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, place) => place));
        expect(divide()).toEqual(sets);
      },
    ),
  );
});

test("the seed decides which trials are drawn, and a named training set leaves the rest unused", () => {
  const drawn = (seed: number) => [...partition("own", 50, splitSettings.parse({ seed }), () => never).test];
  const never = { shape: [0], values: [], type: "int64" };
  expect(drawn(0).length).toBe(10);
  expect(drawn(1)).not.toEqual(drawn(0));
  const sets = partition("own", 9, splitSettings.parse({ training: "few", test: 2 }), () => ({
    shape: [3],
    values: [8, 0, 4],
    type: "int64",
  }));
  expect([[...sets.training], sets.validation.length, sets.test.length]).toEqual([[0, 4, 8], 0, 2]);
  expect([...sets.test].some((place) => [0, 4, 8].includes(place))).toBe(false);
});

test("fewer training trials are drawn besides the others, which stay the same", () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 3 }), fc.nat(9), (count, training, seed) => {
      const divide = (given: object) =>
        partition("own", count, splitSettings.parse({ test: 1, seed, ...given }), () => none);
      const none = { shape: [0], values: [], type: "int64" };
      const all = divide({ validation: 1 });
      if (training > count - 2) {
        expect(() => divide({ validation: 1, training })).toThrow(
          `own: split.training is ${training}, which is ${training} trials, and ${count - 2} of ${count} are left; lower it`,
        );
        return;
      }
      const few = divide({ validation: 1, training });
      expect([few.test, few.validation]).toEqual([all.test, all.validation]);
      expect(few.training.length).toBe(training);
      expect([...few.training].every((place) => all.training.includes(place))).toBe(true);
    }),
  );
});
