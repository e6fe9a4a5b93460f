import fc from "fast-check";
import type { Matrix } from "../../src/analysis/matrix.ts";

/** Numbers of a size that leaves room for rounding: 0 or 0.01 to 10 in magnitude. */
const level = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 100);

/** Vectors of a given length with at least two values that differ. */
export function varied(length: number): fc.Arbitrary<number[]> {
  return fc.array(level, { minLength: length, maxLength: length }).filter((values) => new Set(values).size > 1);
}

/** Recordings of a given number of rows, of which at least two differ. */
export function recordings(rows: number, maxColumns = 5): fc.Arbitrary<Matrix> {
  return fc.integer({ min: 1, max: maxColumns }).chain((columns) =>
    fc
      .array(fc.array(level, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })
      .filter((drawn) => new Set(drawn.map((row) => row.join())).size > 1)
      .map((drawn): Matrix => ({ shape: [rows, columns], data: drawn.flat() })),
  );
}

/** The matrix with one function applied to each row. */
export function mapRows(
  { shape: [rows, columns], data }: Matrix,
  change: (row: number[], index: number) => number[],
): Matrix {
  const changed = Array.from({ length: rows }, (_, index) =>
    change(Array.from(data).slice(index * columns, (index + 1) * columns), index),
  );
  return { shape: [rows, changed[0]!.length], data: changed.flat() };
}

/** A row reflected across the plane normal to a direction, after its values were exchanged: an orthogonal transform. */
export function transformRow(row: number[], direction: readonly number[]): number[] {
  const normal = row.map((_, column) => direction[column]!);
  const length = normal.reduce((sum, value) => sum + value * value, 0);
  const exchanged = [...row].reverse();
  if (length === 0) return exchanged;
  const along = exchanged.reduce((sum, value, column) => sum + value * normal[column]!, 0) / length;
  return exchanged.map((value, column) => value - 2 * along * normal[column]!);
}
