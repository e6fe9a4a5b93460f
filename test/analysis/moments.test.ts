import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mean, standardDeviation } from "../../src/analysis/moments.ts";
import { DataError } from "../../src/compute/errors.ts";
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
  });
});
