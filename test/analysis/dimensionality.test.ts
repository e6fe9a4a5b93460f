import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { participationRatio } from "../../src/analysis/dimensionality.ts";
import { DataError } from "../../src/kinds/errors.ts";
import { mapRows, recordings, transformRow, varied } from "./recordings.ts";

describe("participationRatio", () => {
  test("lies between 1 and the number of units, and does not change with a rotation, scale and offset", () => {
    const scales = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(recordings(6), varied(5), scales, varied(5), (x, direction, scale, offset) => {
        const ratio = participationRatio(x);
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(x.shape[1] * (1 + 1e-12));
        const changed = mapRows(x, (row) =>
          transformRow(row, direction).map((value, column) => value * scale + offset[column]!),
        );
        expect(participationRatio(changed)).toBeCloseTo(ratio, 8);
      }),
    );
  });

  test("is the number of units where variance is equal in every direction", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), varied(8), (units, direction) => {
        // Plus and minus each axis; a transform of the rows keeps the variance isotropic.
        const data = Array.from({ length: 2 * units * units }, (_, index) => {
          const row = Math.floor(index / units);
          return Math.floor(row / 2) === index % units ? 1 - 2 * (row % 2) : 0;
        });
        const isotropic = mapRows({ shape: [2 * units, units], data }, (row) => transformRow(row, direction));
        expect(participationRatio(isotropic)).toBeCloseTo(units, 10);
      }),
    );
  });

  test("is 1 along any line, and never less by rounding", () => {
    fc.assert(
      fc.property(varied(6), varied(4), (positions, direction) => {
        const data = positions.flatMap((position) => direction.map((value) => value * position));
        const ratio = participationRatio({ shape: [6, 4], data });
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeCloseTo(1, 12);
      }),
    );
  });

  test("follows the variances of independent units", () => {
    // Variances in the ratio 9 : 1 give 10^2 / 82.
    expect(participationRatio({ shape: [4, 2], data: [3, 1, 3, -1, -3, 1, -3, -1] })).toBeCloseTo(100 / 82, 12);
  });

  test("a recording without variance is refused", () => {
    const ratio = () => participationRatio({ shape: [3, 1], data: [0.1, 0.1, 0.1] });
    expect(ratio).toThrow(DataError);
    expect(ratio).toThrow(
      "Participation ratio: x has no variance (all 3 rows are equal), expected rows that differ; record more than one",
    );
  });
});
