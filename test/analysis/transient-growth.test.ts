import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { spectrum } from "../../src/analysis/spectrum.ts";
import { transientGrowth } from "../../src/analysis/transient-growth.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError, UsageError } from "../../src/kinds/errors.ts";

const cases = fc
  .record({
    seed: fc.nat(),
    units: fc.integer({ min: 1, max: 4 }),
    time: fc.double({ min: 0, max: 4, noNaN: true }),
  })
  .map(({ seed, units, time }) => {
    const random = randomStream(seed, "weights");
    const data = Array.from({ length: units * units }, () => random.normal());
    return { weights: { shape: [units, units] as const, data }, time, random };
  });

/** An exponential takes milliseconds. */
const few = { numRuns: 12 };

const transposed = ({ shape: [n], data }: Matrix, index: number) => data[(index % n) * n + Math.floor(index / n)]!;

const growthAt = async (weights: Matrix, time: number) => (await transientGrowth(weights, [time]))[0]!;

describe("transient growth", () => {
  test("of normal weights follows the largest real part of their eigenvalues", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom(1, -1), async ({ weights, time }, sign) => {
        // Symmetric weights and rotations.
        const data = weights.data.map((weight, index) => (weight + sign * transposed(weights, index)) / 2);
        const largest = Math.max(...spectrum({ ...weights, data }).map(({ real }) => real));
        expect((await growthAt({ ...weights, data }, time)) / Math.exp((largest - 1) * time)).toBeCloseTo(1, 9);
      }),
      few,
    );
  });

  test("is never below what the eigenvalues say, and no more than that of its parts one after the other", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.double({ min: 0, max: 2, noNaN: true }), async ({ weights, time }, more) => {
        const [first, second, both] = await transientGrowth(weights, [time, more, time + more]);
        const largest = Math.max(...spectrum(weights).map(({ real }) => real));
        expect(first! / Math.exp((largest - 1) * time)).toBeGreaterThan(1 - 1e-6);
        expect(both! / (first! * second!)).toBeLessThan(1 + 1e-9);
      }),
      few,
    );
  });

  test("does not see the order of units, nor which side of a connection is which, and begins at 1", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ weights, time, random }) => {
        const { shape, data } = weights;
        const [n] = shape;
        const order = random.permutation(n);
        const reordered = data.map((_, index) => data[order[Math.floor(index / n)]! * n + order[index % n]!]!);
        const expected = await growthAt(weights, time);
        expect((await growthAt({ shape, data: reordered }, time)) / expected).toBeCloseTo(1, 9);
        const turned = data.map((_, index) => transposed(weights, index));
        expect((await growthAt({ shape, data: turned }, time)) / expected).toBeCloseTo(1, 9);
        expect(await growthAt(weights, 0)).toBeCloseTo(1, 14);
      }),
      few,
    );
  });

  test("of a unit that drives another is known", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        async (weight, time) => {
          // exp((W - I) t) = exp(-t) [1, 0; w t, 1]
          const drive = Math.abs(weight * time);
          const expected = (Math.exp(-time) * (drive + Math.hypot(drive, 2))) / 2;
          expect((await growthAt({ shape: [2, 2], data: [0, 0, weight, 0] }, time)) / expected).toBeCloseTo(1, 9);
        },
      ),
      few,
    );
  });

  test("of balanced excitation and inhibition is large though every eigenvalue is 0", async () => {
    const weights = { shape: [2, 2] as const, data: [8, -8, 8, -8] };
    // W W = 0, so that exp((W - I) t) = exp(-t) (I + W t).
    const [none, most] = await transientGrowth(weights, [0, 1]);
    expect(none).toBeCloseTo(1, 12);
    expect(most).toBeCloseTo(Math.exp(-1) * (8 + Math.sqrt(65)), 9);
  });

  test("what it cannot be taken of is refused", async () => {
    const one = { shape: [1, 1] as const, data: [1] };
    await expect(transientGrowth({ shape: [1, 2], data: [1, 2] }, [1])).rejects.toThrow(ShapeError);
    await expect(transientGrowth({ shape: [1, 2], data: [1, 2] }, [1])).rejects.toThrow(
      "Transient growth: weights have shape [1, 2], expected as many columns as rows; take a projection from a population",
    );
    await expect(transientGrowth({ shape: [1, 1], data: [Number.NaN] }, [1])).rejects.toThrow("Matrix weights: row 0");
    await expect(transientGrowth(one, [])).rejects.toThrow("Transient growth: there are 0 times, expected at least 1");
    await expect(transientGrowth(one, [1, -1])).rejects.toThrow(UsageError);
    await expect(transientGrowth(one, [1, Number.NaN])).rejects.toThrow(
      "Transient growth: time 1 is NaN, expected a finite number from 0 on; give times in time constants",
    );
    const huge = transientGrowth({ shape: [1, 1], data: [1e4] }, [1]);
    await expect(huge).rejects.toThrow(DataError);
    await expect(huge).rejects.toThrow("Transient growth: the propagator at time 1 cannot be computed (");
  });
});
