import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSweepValues } from "../../src/runs/sweep-values.ts";

const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });

test("numbers, texts and switches with commas between them are read in their order, each once", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), word, fc.boolean());
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
      const plain = values.map((each) => (each === "true" || each === "false" ? each === "true" : each));
      const spaced = values.join(" , ");
      expect(parseSweepValues(spaced)).toEqual([...new Set(plain.map((each) => (each === 0 ? 0 : each)))]);
    }),
  );
});

test("a..b:n is n points that rise from a to b, readable and evenly spaced on a logarithmic axis", () => {
  fc.assert(
    fc.property(positive, positive, fc.integer({ min: 2, max: 30 }), (a, b, count) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(last / first > 2);
      const points = parseSweepValues(`${first}..${last}:${count}`) as number[];
      expect(points).toHaveLength(count);
      // The ends as they were given.
      expect([points[0], points.at(-1)]).toEqual([first, last]);
      for (const [index, point] of points.entries()) {
        const exact = first * (last / first) ** (index / (count - 1));
        expect(Math.abs(point / exact - 1)).toBeLessThanOrEqual(0.005);
        if (index === 0 || index === count - 1) continue;
        expect(point).toBeGreaterThan(points[index - 1]!);
        expect(point.toExponential().split("e")[0]!.replace(".", "").length).toBeLessThanOrEqual(4);
      }
    }),
  );
});

test("a..b is every whole number between", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(100), (first, more) => {
      const all = Array.from({ length: more + 1 }, (_, index) => first + index);
      expect(parseSweepValues(`${first}..${first + more}`)).toEqual(all);
    }),
  );
});

test("any text gives values, each once and none of them NaN, or words", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d.,:e-]{0,20}$/));
  fc.assert(
    fc.property(text, (given) => {
      const values = parseSweepValues(given);
      if (typeof values === "string") {
        expect(values).not.toBe("");
        return;
      }
      expect(values.length).toBeGreaterThan(0);
      expect(new Set(values).size).toBe(values.length);
      for (const value of values) if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  // The end of the range is the value that stands before it.
  ["1,0.001..1:9", [1, 0.001, 0.00237, 0.00562, 0.0133, 0.0316, 0.075, 0.178, 0.422]],
  ["1c,1,10c", ["1c", 1, "10c"]],
  ["1e-4..1e-2:3", [0.0001, 0.001, 0.01]],
  ["1..1.05:9", [1, 1.006, 1.012, 1.018, 1.025, 1.031, 1.037, 1.044, 1.05]],
  ["0,.5,true,conv", [0, 0.5, true, "conv"]],
  ["3..3", [3]],
])("%j is %j", (text, values) => {
  expect(parseSweepValues(text)).toEqual(values);
});

test.each([
  ["", "values with commas between them, such as 0.1,1 or 0.001..1:4"],
  ["1,,2", "values with commas between them, such as 0.1,1 or 0.001..1:4"],
  ["1..0.1:3", "a range that rises, such as 0.1..1:3"],
  ["5..1", "a range that rises, such as 1..5"],
  ["0.5..2", "whole numbers as its ends, or a number of points after it: 0.5..2:4"],
  [
    "0..1:4",
    "a range above 0, since its points are spaced by their logarithms; name others one by one, such as 0,0.1..1:4",
  ],
  ["1..2:1", "a whole number of points from 2 to 1000, such as 1..2:4"],
  ["1..2:x", "a whole number of points from 2 to 1000, such as 1..2:4"],
  ["1..1.001:50", "fewer points, since so many from 1 to 1.001 cannot be told apart"],
  ["2..2:3", "fewer points, since so many from 2 to 2 cannot be told apart"],
  ["1..1001", "at most 1000 values"],
  ["1..600,601..1200", "at most 1000 values"],
  ["1e999", "finite numbers"],
])("%j is not", (text, words) => {
  expect(parseSweepValues(text)).toBe(words);
});
