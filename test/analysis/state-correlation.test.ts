import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ModuleStates, stateCorrelations } from "../../src/analysis/state-correlation.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";

const classes = 10;
const units = 40;

/**
 * States of a module that follow two independent digits to the given degrees: each digit has a random pattern, and every
 * sample noise of its own.
 */
function simulate(options: { samples: number; weights: [number, number]; noise?: number; seed: number }): ModuleStates {
  const { samples, weights, noise = 0, seed } = options;
  const random = randomStream(seed, "states");
  const patterns = weights.map(() => Array.from({ length: classes * units }, () => random.normal()));
  // Every digit occurs in as many samples, so that none is alone.
  const digits = weights.map(() => Array.from(random.permutation(samples), (place) => place % classes));
  const data = Array.from({ length: samples * units }, (_, at) => {
    const [sample, unit] = [Math.floor(at / units), at % units];
    const signal = weights.map((weight, digit) => weight * patterns[digit]![digits[digit]![sample]! * units + unit]!);
    return signal.reduce((sum, value) => sum + value, noise * random.normal());
  });
  return { states: { shape: [samples, units], data }, digits, random: randomStream(seed, "pairs") };
}

const seeds = { numRuns: 10 };

describe("stateCorrelations", () => {
  test("are 1 for the digit that the state follows alone, and near 0 for the other", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [own, other] = stateCorrelations(simulate({ samples: 1000, weights: [1, 0], seed }));
        expect(own).toBeCloseTo(1, 12);
        expect(Math.abs(other!)).toBeLessThan(0.1);
      }),
      seeds,
    );
  });

  test("are equal for digits that the state follows alike, about a half each", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        for (const value of stateCorrelations(simulate({ samples: 1000, weights: [1, 1], seed }))) {
          expect(value).toBeGreaterThan(0.35);
          expect(value).toBeLessThan(0.65);
        }
      }),
      seeds,
    );
  });

  test("fall with noise, to near 0 where there is nothing else", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const ofNoise = (noise: number) =>
          stateCorrelations(simulate({ samples: 500, weights: [1, 0], noise, seed }))[0]!;
        expect(ofNoise(0.5)).toBeLessThan(1);
        expect(ofNoise(2)).toBeLessThan(ofNoise(0.5));
        const noise = stateCorrelations(simulate({ samples: 500, weights: [0, 0], noise: 1, seed }));
        for (const value of noise) expect(Math.abs(value)).toBeLessThan(0.05);
      }),
      seeds,
    );
  });

  test("do not exceed 1, see only which digits are the same, and repeat with the stream", () => {
    const cases = fc.record({ samples: fc.integer({ min: 2, max: 6 }), seed: fc.nat() });
    fc.assert(
      fc.property(cases, ({ samples, seed }) => {
        const { states, digits } = simulate({ samples: classes * samples, weights: [1, 0.5], noise: 0.5, seed });
        const correlate = (of: ModuleStates["digits"]) =>
          stateCorrelations({ states, digits: of, random: randomStream(seed, "pairs") });
        const found = correlate(digits);
        for (const value of found) expect(value).toBeLessThanOrEqual(1);
        expect(correlate(digits.map((labels) => Array.from(labels, (label) => 100 - 3 * label)))).toEqual(found);
      }),
    );
  });

  test("pair no sample with itself", () => {
    // Of two samples each has one partner: the other one, whose state is the opposite.
    const states = { shape: [2, 3] as const, data: [1, 2, 4, -1, -2, -4] };
    for (let seed = 0; seed < 5; seed++) {
      const [value] = stateCorrelations({ states, digits: [[3, 3]], random: randomStream(seed, "pairs") });
      // r_d = r_0 = -1.
      expect(value).toBeCloseTo(0, 12);
    }
    // Opposite classes: r_d = 1, and r_0 = ((n / 2 - 1) - n / 2) / (n - 1) = -1 / 3 on average over pairs that are not of a
    // sample with itself, so that the score is 1.
    const four = { shape: [4, 3] as const, data: [1, 2, 4, 1, 2, 4, -1, -2, -4, -1, -2, -4] };
    expect(
      stateCorrelations({ states: four, digits: [[0, 0, 1, 1]], random: randomStream(1, "pairs") })[0],
    ).toBeCloseTo(1, 12);
  });

  test("are 0 for a module that is in one state always", () => {
    const data = Array.from({ length: 6 }, () => [0.1, 0.7, -0.3]).flat();
    const found = stateCorrelations({
      states: { shape: [6, 3], data },
      digits: [[0, 0, 1, 1, 2, 2]],
      random: randomStream(1, "pairs"),
    });
    expect([...found]).toEqual([0]);
  });

  test("samples without a partner, label or variance are refused", () => {
    const states = { shape: [3, 2] as const, data: [1, 2, 2, 1, 3, 5] };
    const correlate = (...digits: number[][]) =>
      stateCorrelations({ states, digits, random: randomStream(1, "pairs") });
    expect(() => correlate([1, 1, 1], [4, 7, 4])).toThrow(DataError);
    expect(() => correlate([1, 1, 1], [4, 7, 4])).toThrow(
      "State correlation of digit 1: label 7 has 1 sample (1), expected at least 2 to pair; take more samples, or leave",
    );
    expect(() => correlate([1, 1])).toThrow(ShapeError);
    expect(() => correlate([1, 1])).toThrow(
      "State correlation of digit 0: there are 2 labels for 3 samples, expected one a sample",
    );
    const still = { shape: [2, 2] as const, data: [1, 2, 0.5, 0.5] };
    expect(() => stateCorrelations({ states: still, digits: [[0, 0]], random: randomStream(1, "pairs") })).toThrow(
      "Correlation of states: row 1 has no variance",
    );
  });
});
