import fc from "fast-check";
import { expect, test } from "vitest";
import { largestSeed } from "../../src/compute/random-state.ts";
import { parseSeeds } from "../../src/runs/seed-range.ts";

const seed = fc.integer({ min: 0, max: largestSeed });
const range = fc.tuple(fc.integer({ min: 0, max: largestSeed - 60 }), fc.nat(60)).map(([from, more]) => ({
  text: `${from}..${from + more}`,
  seeds: Array.from({ length: more + 1 }, (_, index) => from + index),
}));
const part = fc.oneof(
  seed.map((value) => ({ text: String(value), seeds: [value] })),
  range,
);
const spaces = fc.constantFrom("", " ", "  ");

test("a list of seeds and ranges is read in its order, spaces or not", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(part, spaces, spaces), { minLength: 1, maxLength: 10 }), (parts) => {
      const text = parts.map(([{ text: words }, before, after]) => before + words + after).join(",");
      expect(parseSeeds(text)).toEqual(parts.flatMap(([{ seeds }]) => seeds));
    }),
  );
});

test("a range backwards is told as it was meant", () => {
  fc.assert(
    fc.property(seed, seed, (a, b) => {
      fc.pre(a > b);
      expect(parseSeeds(`${a}..${b}`)).toBe(`a range that rises, such as ${b}..${a}`);
    }),
  );
});

test("any text gives seeds in range or words, and never takes long over it", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d., ]{0,20}$/), fc.stringMatching(/^\d{1,12}\.\.\d{1,12}$/));
  fc.assert(
    fc.property(text, (given) => {
      const seeds = parseSeeds(given);
      if (typeof seeds === "string") {
        expect(seeds).toMatch(/^(seeds|a range|at most) /);
        return;
      }
      expect(seeds.length).toBeLessThanOrEqual(1000);
      for (const value of seeds) {
        expect(Number.isInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(largestSeed);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["", "seeds such as 3, 1,3,5 or 1..5"],
  ["1,,2", "seeds such as 3, 1,3,5 or 1..5"],
  ["1...3", "seeds such as 3, 1,3,5 or 1..5"],
  ["1-3", "seeds such as 3, 1,3,5 or 1..5"],
  ["1.5", "seeds such as 3, 1,3,5 or 1..5"],
  ["9007199254740992", "seeds from 0 to 9007199254740991"],
  ["1..1001", "at most 1000 seeds"],
  ["0..999,7", "at most 1000 seeds"],
])("%j is no list of seeds", (text, words) => {
  expect(parseSeeds(text)).toBe(words);
});
