import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanCorrelation, pairCorrelations } from "../../src/analysis/correlation.ts";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { mapRows, varied } from "./recordings.ts";

const rows = 4;
const states = fc
  .integer({ min: 2, max: 8 })
  .chain((columns) => fc.array(varied(columns), { minLength: rows, maxLength: rows }))
  .map((drawn): Matrix => ({ shape: [rows, drawn[0]!.length], data: drawn.flat() }));
const partners = fc.array(fc.nat({ max: rows - 1 }), { minLength: rows, maxLength: rows });

describe("pairCorrelations", () => {
  test("lie in [-1, 1], are 1 with oneself and the same in either direction", () => {
    fc.assert(
      fc.property(states, partners, (x, chosen) => {
        const found = pairCorrelations(x, chosen);
        found.forEach((correlation, row) => {
          expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
          const back = chosen.map((_, other) => (other === chosen[row] ? row : other));
          expect(pairCorrelations(x, back)[chosen[row]!]).toBe(correlation);
        });
        for (const own of pairCorrelations(x, [0, 1, 2, 3])) expect(own).toBeCloseTo(1, 12);
        expect(meanCorrelation(x, chosen)).toBeCloseTo(found.reduce((sum, value) => sum + value, 0) / rows, 12);
      }),
    );
  });

  test("do not change with scale and offset of a row, and change sign with it", () => {
    const affine = fc.tuple(
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(states, partners, fc.array(affine, { minLength: rows, maxLength: rows }), (x, chosen, maps) => {
        const changed = mapRows(x, (row, index) => {
          const [scale, offset, turned] = maps[index]!;
          return row.map((value) => value * (turned ? -scale : scale) + offset);
        });
        const before = pairCorrelations(x, chosen);
        pairCorrelations(changed, chosen).forEach((correlation, row) => {
          const sign = maps[row]![2] === maps[chosen[row]!]![2] ? 1 : -1;
          expect(correlation).toBeCloseTo(sign * before[row]!, 6);
        });
      }),
    );
  });

  test("do not overflow or vanish with very large and very small rates", () => {
    const x: Matrix = { shape: [3, 3], data: [1e200, 2e200, 4e200, 1e-200, 2e-200, 4e-200, -1.5e308, 0, 1.5e308] };
    expect(pairCorrelations(x, [1, 0, 2])[0]).toBeCloseTo(1, 12);
    expect(pairCorrelations(x, [2, 1, 0])[0]).toBeCloseTo(0.981980506, 8);
  });

  test("a row without variance is named", () => {
    const correlate = () => pairCorrelations({ shape: [2, 3], data: [1, 2, 3, 0.1, 0.1, 0.1] }, [0, 0]);
    expect(correlate).toThrow(DataError);
    expect(correlate).toThrow(
      "Correlation of states: row 1 has no variance (all 3 values are 0.1), expected values that differ; leave out samples",
    );
  });

  test.each([
    [[0], "1 partners for 2 rows, expected one a row; check the permutation"],
    [[0, 2], "the partner of row 1 is 2, expected an integer from 0 to 1; count rows from 0"],
    [[-1, 0], "the partner of row 0 is -1, expected an integer from 0 to 1"],
    [[0, 0.5], "the partner of row 1 is 0.5, expected an integer from 0 to 1"],
  ])("partners %j of 2 rows are refused", (chosen, text) => {
    const correlate = () => pairCorrelations({ shape: [2, 2], data: [1, 2, 3, 5] }, chosen);
    expect(correlate).toThrow(ShapeError);
    expect(correlate).toThrow(`Correlation of states: ${text}`);
  });
});
