import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { modulation } from "../../src/analysis/modulation.ts";
import { pairedTTest } from "../../src/analysis/two-sample-test.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";

const scaled = ({ shape, data }: Matrix, factor: number): Matrix => ({
  shape,
  data: Array.from(data, (rate) => rate * factor),
});

/** Rates of a few units, each silent or far from 1 % of the most active one; the first is not silent. */
const rates = fc
  .record({ samples: fc.integer({ min: 1, max: 5 }), units: fc.integer({ min: 1, max: 6 }) })
  .chain(({ samples, units }) =>
    fc
      .array(
        fc.integer({ min: -50, max: 90 }).map((drawn) => (drawn < 0 ? 0 : 1 + drawn / 10)),
        { minLength: samples * units, maxLength: samples * units },
      )
      .map((data): Matrix => ({ shape: [samples, units], data: data.map((rate, at) => (at === 0 ? rate + 1 : rate)) })),
  );

/** The recording with more units, which have the same rate in all samples. */
const withUnits = ({ shape: [samples, units], data }: Matrix, extra: readonly number[]): Matrix => ({
  shape: [samples, units + extra.length],
  data: Array.from({ length: samples }, (_, sample) => [
    ...Array.from(data).slice(sample * units, (sample + 1) * units),
    ...extra,
  ]).flat(),
});

describe("modulation", () => {
  test("of rates that are all multiplied by f is 100 (f - 1), of the population and of its units", () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 0, max: 3, noNaN: true }), (unattended, factor) => {
        const { percent, percentOfUnits } = modulation({ attended: scaled(unattended, factor), unattended });
        expect(percent).toBeCloseTo(100 * (factor - 1), 8);
        expect(percentOfUnits).toBeCloseTo(100 * (factor - 1), 8);
      }),
    );
  });

  test("does not change with the unit of the rates, more samples and silent units", () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 0.01, max: 100, noNaN: true }), fc.integer(), (unattended, unit, shift) => {
        const data = Array.from(unattended.data, (rate, at) => rate * (1 + ((at + (shift % 7)) % 3)));
        const attended = { ...unattended, data };
        const before = modulation({ attended, unattended });
        const twice = ({ shape: [samples, units], data }: Matrix): Matrix => ({
          shape: [2 * samples, units],
          data: [...Array.from(data), ...Array.from(data)],
        });
        for (const change of [
          (of: Matrix) => scaled(of, unit),
          twice,
          (of: Matrix) => withUnits(of, [0, 0]),
          (of: Matrix) => scaled(of, -1),
        ]) {
          const after = modulation({ attended: change(attended), unattended: change(unattended) });
          expect(after.percent).toBeCloseTo(before.percent, 8);
          expect(after.percentOfUnits).toBeCloseTo(before.percentOfUnits, 8);
          expect(after.active).toBe(before.active);
          expect(after.test.test).toBe(before.test.test);
        }
      }),
    );
  });

  test("a unit that is next to silent without attention does not carry the mean of units away", () => {
    const unattended: Matrix = { shape: [1, 3], data: [1, 2, 0.001] };
    const attended: Matrix = { shape: [1, 3], data: [1.1, 2.4, 0.5] };
    const { percent, percentOfUnits, active } = modulation({ attended, unattended });
    expect(active).toBe(2);
    expect(percentOfUnits).toBeCloseTo((10 + 20) / 2, 10);
    expect(percent).toBeCloseTo((100 * (4 - 3.001)) / 3.001, 10);
  });

  test("the population weighs units by their activity, averaged over the samples", () => {
    const unattended: Matrix = { shape: [2, 2], data: [1, 8, 3, 12] };
    const attended: Matrix = { shape: [1, 2], data: [3, 10] };
    const { percent, percentOfUnits, active } = modulation({ attended, unattended });
    expect(percent).toBeCloseTo(100 / 12, 10);
    expect(percentOfUnits).toBeCloseTo((50 + 0) / 2, 10);
    expect(active).toBe(2);
  });

  test("the test pairs units that are active in either condition", () => {
    const unattended: Matrix = { shape: [1, 4], data: [1, 2, 0, 0] };
    const attended: Matrix = { shape: [1, 4], data: [1.5, 2.2, 0.4, 0] };
    expect(modulation({ attended, unattended }).test).toEqual(pairedTTest([1.5, 2.2, 0.4], [1, 2, 0]));
    const one: Matrix = { shape: [1, 1], data: [1] };
    expect(modulation({ attended: one, unattended: one }).test).toMatchObject({ test: "none" });
  });

  test("recordings that cannot be compared are refused", () => {
    const two: Matrix = { shape: [1, 2], data: [0, 0] };
    expect(() => modulation({ attended: two, unattended: two })).toThrow(DataError);
    expect(() => modulation({ attended: two, unattended: two })).toThrow(
      "Modulation: all 2 units are silent in unattended, expected activity to compare with; show stronger stimuli, or",
    );
    const three: Matrix = { shape: [1, 3], data: [1, 2, 3] };
    expect(() => modulation({ attended: three, unattended: two })).toThrow(ShapeError);
    expect(() => modulation({ attended: three, unattended: two })).toThrow(
      "Modulation: attended has 3 units and unattended 2, expected the same units in both; check the recordings",
    );
    const wrong: Matrix = { shape: [1, 2], data: [1, Number.NaN] };
    expect(() => modulation({ attended: wrong, unattended: two })).toThrow("Matrix attended: row 0, column 1 is NaN");
  });
});
