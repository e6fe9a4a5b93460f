import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mean, standardDeviation } from "../../src/analysis/moments.ts";
import { DataError } from "../../src/kinds/errors.ts";
import { varied } from "./recordings.ts";

describe("mean and standard deviation", () => {
  test("follow scale and offset of the values", () => {
    const scales = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(varied(6), scales, scales, (values, scale, offset) => {
        const changed = values.map((value) => value * scale + offset);
        expect(mean(changed)).toBeCloseTo(mean(values) * scale + offset, 8);
        expect(standardDeviation(changed)).toBeCloseTo(standardDeviation(values) * Math.abs(scale), 8);
      }),
    );
  });

  test("of equal values are the value and exactly 0, and the mean never leaves the values", () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 30 }), fc.array(any, { minLength: 1 }), (value, count, values) => {
        const equal = Array.from({ length: count }, () => value);
        expect(mean(equal) === value).toBe(true);
        expect(standardDeviation(equal)).toBe(0);
        expect(mean(values)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(mean(values)).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  test("are the same in any unit, from the smallest numbers to the largest", () => {
    fc.assert(
      fc.property(varied(6), fc.integer({ min: -1000, max: 1000 }), (values, power) => {
        // Powers of two cost no digit, so that the results are equal to the last one.
        const unit = 2 ** power;
        const changed = values.map((value) => value * unit);
        expect(mean(changed)).toBe(mean(values) * unit);
        expect(standardDeviation(changed)).toBe(standardDeviation(values) * unit);
      }),
    );
    expect(mean([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE);
    expect(mean([Number.MAX_VALUE, -Number.MAX_VALUE])).toBe(0);
    expect(standardDeviation([1e308, -1e308])).toBeCloseTo(Math.SQRT2 * 1e308, -296);
    expect(standardDeviation([5e-324, 0])).toBe(5e-324);
  });

  test("lose no digits to an offset that all values share", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2 }), fc.integer(), (values, offset) => {
        const moved = values.map((value) => value + 2 ** 20 * offset);
        expect(standardDeviation(moved)).toBeCloseTo(standardDeviation(values), 10);
      }),
    );
  });

  test("have n and n - 1 in their denominators", () => {
    expect(mean(Float32Array.of(2, 4, 4, 4, 5, 5, 7, 9))).toBe(5);
    expect(standardDeviation(Float32Array.of(2, 4, 4, 4, 5, 5, 7, 9))).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  test("of a single value are the value and 0", () => {
    expect(mean([3])).toBe(3);
    expect(standardDeviation([3])).toBe(0);
  });

  test.each([
    ["Mean", mean],
    ["Standard deviation", standardDeviation],
  ])("no values, or one that is not finite, are refused (%s)", (name, statistic) => {
    expect(() => statistic([])).toThrow(DataError);
    expect(() => statistic([])).toThrow(`${name}: there are 0 values, expected at least 1; check what was selected`);
    expect(() => statistic([1, Number.NaN])).toThrow(DataError);
    expect(() => statistic([1, Number.NaN])).toThrow(
      `${name}: value 1 is NaN, expected finite numbers; look for what made`,
    );
    // A hole in an array is no number either.
    expect(() => statistic(new Array(2))).toThrow(`${name}: value 0 is nothing, expected finite numbers`);
  });
});
