import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/compute/random.ts";
import { addGaussianNoise } from "../../src/tasks/gaussian-noise.ts";
import { seeds } from "./images/images.ts";

const noiseOf = (count: number, deviation: number, seed: number, level = 0) => {
  const values = new Float32Array(count).fill(level);
  addGaussianNoise(values, deviation, randomStream(seed, "noise"));
  return values;
};

/** Standard normal distribution function at 0, 1/2, 1, 3/2, 2, 3. */
const normalBelow = [0.5, 0.691462, 0.841345, 0.933193, 0.97725, 0.99865];

describe("addGaussianNoise", () => {
  test("draws from a normal distribution: its moments and how many lie below", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const count = 400_000;
        const values = noiseOf(count, 1, seed);
        const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
        // Six standard errors of each moment, so that no seed fails by chance.
        const error = 6 / Math.sqrt(count);
        expect(Math.abs(moment(1))).toBeLessThan(error);
        expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.sqrt(2));
        expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15));
        expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96));
        [0, 0.5, 1, 1.5, 2, 3].forEach((bound, index) => {
          const below = values.reduce((sum, value) => sum + Number(value < bound), 0) / count;
          expect(Math.abs(below - normalBelow[index]!)).toBeLessThan(error / 2);
        });
      }),
      { numRuns: 8 },
    );
  });

  test("is independent from one value to the next, also where both come from one draw", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(1, 2, 3), (seed, lag) => {
        const count = 200_000;
        const values = noiseOf(count, 1, seed);
        let product = 0;
        for (let place = 0; place + lag < count; place++) product += values[place]! * values[place + lag]!;
        expect(Math.abs(product / count)).toBeLessThan(6 / Math.sqrt(count));
      }),
      { numRuns: 8 },
    );
  });

  test("takes the quantile of a normal distribution that the bits choose", () => {
    // Quantiles (k + 1/2) / 2^16 of N(0, 1) to the digits of float32, reckoned with 40 digits.
    const quantiles = [
      [0, -4.32491904083],
      [1, -4.07620651603],
      [655, -2.32626772921],
      [16384, -0.674465741715],
      [32767, -1.91240560515e-5],
    ] as const;
    for (const [upper, low] of quantiles)
      for (const [lower, other] of quantiles) {
        const bits = ((upper << 16) | (65535 - lower)) >>> 0;
        const values = new Float32Array(2);
        addGaussianNoise(values, 1, { ...randomStream(1, "noise"), bits: () => bits | 0 });
        expect(Array.from(values)).toEqual([Math.fround(low), -Math.fround(other)]);
      }
  });

  test("is added, scales with the deviation, and is the same for the same stream", () => {
    fc.assert(
      fc.property(seeds, fc.nat(33), fc.constantFrom(0.25, 2), (seed, count, deviation) => {
        const unit = noiseOf(count, 1, seed);
        expect(noiseOf(count, 1, seed)).toEqual(unit);
        expect(noiseOf(count, deviation, seed, 1)).toEqual(Float32Array.from(unit, (value) => 1 + deviation * value));
        expect(noiseOf(count, 0, seed, 0.5)).toEqual(new Float32Array(count).fill(0.5));
        if (count > 4) expect(noiseOf(count, 1, seed + 1)).not.toEqual(unit);
      }),
    );
  });
});
