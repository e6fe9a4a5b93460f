import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { type TuningChange, tuningChanges } from "../../src/analysis/tuning.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { varied } from "./recordings.ts";

const rowOf = (curve: readonly number[]): Matrix => ({ shape: [1, curve.length], data: curve });

function changeOf(attended: readonly number[], unattended: readonly number[]): TuningChange {
  const { tuned, untuned } = tuningChanges({ attended: rowOf(attended), unattended: rowOf(unattended) });
  expect(untuned).toEqual([]);
  return tuned[0]!;
}

/** A von Mises tuning curve over the orientations k 180 / n degrees. */
const bell = (orientations: number, peak: number, width = 2) =>
  Array.from({ length: orientations }, (_, index) =>
    Math.exp(width * (Math.cos((2 * Math.PI * (index * (180 / orientations) - peak)) / 180) - 1)),
  );

/** The curve moved by whole steps to higher orientations. */
const moved = (curve: readonly number[], steps: number) => {
  const count = curve.length;
  return curve.map((_, index) => curve[(((index - steps) % count) + count) % count]!);
};

const curves = fc.integer({ min: 3, max: 21 }).chain((orientations) => varied(orientations));
const scales = fc.double({ min: 0.05, max: 20, noNaN: true });
const offsets = fc.double({ min: -10, max: 10, noNaN: true });

describe("tuningChanges", () => {
  test("scale and offset of any curve are its gain and offset, and its peak stays", () => {
    fc.assert(
      fc.property(curves, scales, offsets, (curve, scale, offset) => {
        const change = changeOf(
          curve.map((rate) => scale * rate + offset),
          curve,
        );
        expect(change.gain / scale).toBeCloseTo(1, 9);
        expect(change.offset).toBeCloseTo(offset, 8);
        expect(change.shift).toBeCloseTo(0, 8);
        expect(change.correlation).toBeCloseTo(1, 12);
      }),
    );
  });

  test("a curve moved by k steps has a shift of k steps, whatever its scale", () => {
    const cases = fc
      .integer({ min: 4, max: 24 })
      .chain((orientations) =>
        fc.tuple(
          fc.constant(orientations),
          fc.nat({ max: orientations - 1 }),
          fc.double({ min: 0, max: 180, noNaN: true }),
        ),
      );
    fc.assert(
      fc.property(cases, scales, offsets, ([orientations, steps, peak], scale, offset) => {
        const curve = bell(orientations, peak);
        const change = changeOf(
          moved(curve, steps).map((rate) => scale * rate + offset),
          curve,
        );
        const degrees = (180 / orientations) * steps;
        // Half way around, both directions are right.
        const expected = degrees > 90 ? degrees - 180 : degrees;
        const apart = Math.abs(change.shift - expected);
        expect(Math.min(apart, 180 - apart)).toBeLessThan(1e-6);
        expect(change.shift).toBeGreaterThan(-90);
        expect(change.shift).toBeLessThanOrEqual(90);
        expect(change.correlation).toBeCloseTo(1, 12);
      }),
    );
  });

  test("any two curves have a shift within half a turn, and the same correlation in either order and wherever they begin", () => {
    const pairs = fc.integer({ min: 3, max: 12 }).chain((length) => fc.tuple(varied(length), varied(length)));
    fc.assert(
      fc.property(pairs, fc.nat({ max: 12 }), ([a, b], steps) => {
        const change = changeOf(a, b);
        const both = changeOf(moved(a, steps), moved(b, steps));
        expect(both.gain).toBeCloseTo(change.gain, 9);
        expect(both.correlation).toBeCloseTo(change.correlation, 9);
        expect(changeOf(b, a).correlation).toBeCloseTo(change.correlation, 9);
        // The correlations of all lags add up to 0.
        expect(change.correlation).toBeGreaterThanOrEqual(-1e-12);
        expect(change.correlation).toBeLessThanOrEqual(1 + 1e-12);
        expect(change.shift).toBeGreaterThan(-90);
        expect(change.shift).toBeLessThanOrEqual(90);
      }),
    );
  });

  test("the shift turns its sign with the conditions", () => {
    expect(changeOf(bell(21, 70), bell(21, 60)).shift).toBeCloseTo(-changeOf(bell(21, 60), bell(21, 70)).shift, 9);
  });

  test("shifts of parts of a step are found, within a tenth of a step of 21", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -80, max: 80, noNaN: true }),
        fc.double({ min: 0, max: 180, noNaN: true }),
        (shift, peak) => {
          expect(Math.abs(changeOf(bell(21, peak + shift), bell(21, peak)).shift - shift)).toBeLessThan(180 / 21 / 10);
        },
      ),
    );
  });

  test("equally good shifts: the nearest counts", () => {
    expect(changeOf([1, 0, 1, 0, 1, 0], [1, 0, 1, 0, 1, 0]).shift).toBeCloseTo(0, 12);
    expect(changeOf([0, 1, 0, 1, 0, 1], [1, 0, 1, 0, 1, 0])).toMatchObject({
      shift: 30,
      correlation: expect.closeTo(1, 12),
    });
    // Curves that have nothing in common at any lag.
    expect(changeOf([1, 1, 0, 0], [1, 0, 1, 0])).toMatchObject({ shift: 0, correlation: 0, gain: 0, offset: 0.5 });
  });

  test("equally good shifts in both directions: the one upwards counts, whatever the rounding", () => {
    fc.assert(
      fc.property(curves, fc.integer({ min: 1, max: 5 }), (curve, steps) => {
        const [up, down] = [moved(curve, steps), moved(curve, -steps)];
        const sum = curve.map((_, index) => up[index]! + down[index]!);
        fc.pre(new Set(sum.map((rate) => rate.toFixed(6))).size > 1);
        const { shift } = changeOf(sum, curve);
        // Half a turn is the same in both directions.
        expect(shift > -1e-6 || shift < -90 + 1e-6, `${shift}`).toBe(true);
      }),
    );
  });

  test("the gain is the slope of least squares", () => {
    const change = changeOf([1, 3, 2, 6], [0, 1, 2, 3]);
    expect(change.gain).toBeCloseTo(1.4, 12);
    expect(change.offset).toBeCloseTo(0.9, 12);
  });

  test("units with a flat curve are left out, and named", () => {
    const tiny = 3e-8;
    const attended: Matrix = { shape: [4, 3], data: [0, 0, 0, 1, 2, 1, 5, 5 + tiny, 5, 2, 4, 2] };
    const unattended: Matrix = { shape: [4, 3], data: [0, 1, 0, 1, 1, 1, 1, 2, 3, 1, 2, 1] };
    const { tuned, untuned } = tuningChanges({ attended, unattended });
    expect(untuned).toEqual([0, 1, 2]);
    expect(tuned.map(({ unit }) => unit)).toEqual([3]);
    expect(tuned[0]!.gain).toBeCloseTo(2, 12);
  });

  test.each<[Matrix, Matrix, new (...args: never[]) => Error, string]>([
    [
      rowOf([1, 2, 3]),
      rowOf([1, 2, 3, 4]),
      ShapeError,
      "Tuning: attended has shape [1, 3] and unattended [1, 4], expected the same units and orientations in both; check",
    ],
    [
      rowOf([1, 2]),
      rowOf([1, 2]),
      ShapeError,
      "Tuning: the curves have 2 orientations, expected at least 3; show bars at",
    ],
    [rowOf([1, 2, 3]), rowOf([1, 2, Number.NaN]), DataError, "Matrix unattended: row 0, column 2 is NaN"],
  ])("curves that cannot be compared are refused (%#)", (attended, unattended, kind, text) => {
    expect(() => tuningChanges({ attended, unattended })).toThrow(kind);
    expect(() => tuningChanges({ attended, unattended })).toThrow(text);
  });
});
