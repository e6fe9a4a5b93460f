import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { centreColumns, checkMatrix, squaredNormOfProduct } from "../../src/analysis/matrix.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";
import { recordings } from "./recordings.ts";

describe("checkMatrix", () => {
  test("a matrix that does not fill its shape, or is empty, is refused with both", () => {
    expect(() => checkMatrix({ shape: [2, 3], data: [1, 2, 3] }, "x")).toThrow(ShapeError);
    expect(() => checkMatrix({ shape: [2, 3], data: [1, 2, 3] }, "x")).toThrow(
      "Matrix x has 3 values for its shape [2, 3], expected rows x columns and at least one of each; check the shape",
    );
    expect(() => checkMatrix({ shape: [0, 3], data: [] }, "x")).toThrow("Matrix x has 0 values for its shape [0, 3]");
  });

  test("a shape of parts of rows, or of fewer than none, is refused", () => {
    const data = [1, 2, 3];
    for (const shape of [[1.5, 2], [-1, -3], [Number.NaN, 1], [3]] as unknown as [number, number][])
      expect(() => checkMatrix({ shape, data }, "x")).toThrow(`Matrix x has 3 values for its shape [${shape[0]}, `);
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY]])("%d is named with its row and column", (value) => {
    const check = () => checkMatrix({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, value) }, "x");
    expect(check).toThrow(DataError);
    expect(check).toThrow(
      `Matrix x: row 1, column 2 is ${value}, expected finite numbers; look for what made it upstream`,
    );
  });
});

describe("centreColumns", () => {
  test("leaves columns of mean 0 and largest magnitude 1, in proportion to the differences of the rows", () => {
    fc.assert(
      fc.property(recordings(5), (x) => {
        const [rows, columns] = x.shape;
        const centred = centreColumns(x);
        expect(Math.max(...centred.map(Math.abs))).toBe(1);
        const place = centred.findIndex((value) => Math.abs(value) === 1);
        for (let column = 0; column < columns; column++) {
          const values = Array.from({ length: rows }, (_, row) => centred[row * columns + column]!);
          expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
        }
        const meanOf = (column: number) =>
          Array.from({ length: rows }, (_, row) => x.data[row * columns + column]! / rows).reduce((a, b) => a + b, 0);
        const scale = centred[place]! / (x.data[place]! - meanOf(place % columns));
        for (let index = 0; index < centred.length; index++) {
          expect(centred[index]).toBeCloseTo((x.data[index]! - meanOf(index % columns)) * scale, 9);
        }
      }),
    );
  });

  test("is exactly 0 for equal rows, whatever the rounding of their mean", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (row) => {
        const equal = Array.from({ length: 7 }, () => row).flat();
        expect(centreColumns({ shape: [7, row.length], data: equal }).every((value) => value === 0)).toBe(true);
      }),
    );
  });
});

test("squaredNormOfProduct is that of the product written out", () => {
  // [[1, 2], [3, 4]]^T [[5], [6]] = [[23], [34]].
  expect(squaredNormOfProduct(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6), 2)).toBe(23 ** 2 + 34 ** 2);
});
