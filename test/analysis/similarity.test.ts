import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearCKA } from "../../src/analysis/similarity.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { mapRows, recordings, transformRow, varied } from "./recordings.ts";

describe("linearCKA", () => {
  test("lies in [0, 1], is 1 with oneself and the same in either order", () => {
    fc.assert(
      fc.property(recordings(6), recordings(6), (x, y) => {
        const alignment = linearCKA(x, y);
        expect(alignment).toBeGreaterThanOrEqual(0);
        expect(alignment).toBeLessThanOrEqual(1);
        expect(linearCKA(y, x)).toBeCloseTo(alignment, 12);
        expect(linearCKA(x, x)).toBeCloseTo(1, 12);
      }),
    );
  });

  test("does not change with an orthogonal transform, a scale and an offset of either recording", () => {
    const scales = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(recordings(6), recordings(6), varied(5), scales, varied(5), (x, y, direction, scale, offset) => {
        const changed = mapRows(x, (row) =>
          transformRow(row, direction).map((value, column) => value * scale + offset[column]!),
        );
        expect(linearCKA(changed, y)).toBeCloseTo(linearCKA(x, y), 8);
        const own = linearCKA(changed, x);
        expect(own).toBeCloseTo(1, 8);
        expect(own).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("for single units is the squared correlation", () => {
    const x = { shape: [4, 1] as const, data: [1, 2, 3, 4] };
    expect(linearCKA(x, { shape: [4, 1], data: [1, 3, 2, 4] })).toBeCloseTo(0.64, 12);
    expect(linearCKA(x, { shape: [4, 1], data: [1, -1, -1, 1] })).toBe(0);
  });

  test("recordings of other samples, or without variance, are refused by name", () => {
    const x = { shape: [3, 1] as const, data: [1, 2, 3] };
    const silent = { shape: [3, 2] as const, data: [0.1, 0.3, 0.1, 0.3, 0.1, 0.3] };
    expect(() => linearCKA(x, { shape: [2, 2], data: [1, 2, 3, 4] })).toThrow(ShapeError);
    expect(() => linearCKA(x, { shape: [2, 2], data: [1, 2, 3, 4] })).toThrow(
      "Linear CKA: x has 3 rows and y has 2, expected the same samples in both; check the recordings",
    );
    expect(() => linearCKA(x, silent)).toThrow(DataError);
    expect(() => linearCKA(x, silent)).toThrow(
      "Linear CKA: y has no variance (all 3 rows are equal), expected rows that differ; record more than one stimulus",
    );
    expect(() => linearCKA(silent, x)).toThrow("Linear CKA: x has no variance");
  });
});
