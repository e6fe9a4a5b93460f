import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { angleDegrees } from "../../src/analysis/angle.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { varied } from "./recordings.ts";

const pairs = fc.integer({ min: 2, max: 9 }).chain((length) => fc.tuple(varied(length), varied(length)));
const negative = (values: number[]) => values.map((value) => -value);

describe("angleDegrees", () => {
  test("lies in [0, 180], is the same in either order, 0 with oneself and 180 with the opposite", () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const angle = angleDegrees(a, b);
        expect(angle).toBeGreaterThanOrEqual(0);
        expect(angle).toBeLessThanOrEqual(180);
        expect(angleDegrees(b, a)).toBe(angle);
        expect(angleDegrees(a, negative(b))).toBeCloseTo(180 - angle, 10);
        expect(angleDegrees(a, a)).toBe(0);
        expect(angleDegrees(a, negative(a))).toBe(180);
      }),
    );
  });

  test("does not change with a scale of either vector, from 1e-300 to 1e300", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: -300, max: 300 }), ([a, b], exponent) => {
        const scaled = a.map((value) => value * 10 ** exponent);
        expect(angleDegrees(scaled, b)).toBeCloseTo(angleDegrees(a, b), 6);
      }),
    );
  });

  test("agrees with geometry, and tells small angles apart", () => {
    expect(angleDegrees([1, 0], [0, 3])).toBeCloseTo(90, 12);
    expect(angleDegrees(Float32Array.of(1, 0), [1, 1])).toBeCloseTo(45, 12);
    expect(angleDegrees([1, 0, 0], [-1, 0, Math.sqrt(3)])).toBeCloseTo(120, 12);
    expect(angleDegrees([1, 0], [1, 1e-10]) / (1e-10 * (180 / Math.PI))).toBeCloseTo(1, 9);
  });

  test("vectors without direction or of other length are refused by name", () => {
    expect(() => angleDegrees([1, 2], [0, 0])).toThrow(DataError);
    expect(() => angleDegrees([1, 2], [0, 0])).toThrow(
      "Angle: b is zero in all 2 values, expected a vector with a direction; look for an update or gradient that vanished",
    );
    expect(() => angleDegrees([0, 0], [1, 2])).toThrow("Angle: a is zero in all 2 values");
    expect(() => angleDegrees([1, 2], [1])).toThrow(ShapeError);
    expect(() => angleDegrees([1, 2], [1])).toThrow("Angle: a has 2 values and b has 1, expected as many; compare two");
    expect(() => angleDegrees([], [])).toThrow(ShapeError);
    expect(() => angleDegrees([1, Number.NaN], [1, 2])).toThrow("Matrix a: row 0, column 1 is NaN");
  });
});
