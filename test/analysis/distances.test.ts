import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairwiseDistances } from "../../src/analysis/distances.ts";
import { recordings } from "./recordings.ts";

const anyCount = fc.integer({ min: 2, max: 9 }).chain((rows) => recordings(rows));

describe("pairwiseDistances", () => {
  test("are the lengths of the differences, one by one", () => {
    fc.assert(
      fc.property(anyCount, (recording) => {
        const [rows, units] = recording.shape;
        const { count, values } = pairwiseDistances(recording);
        expect(count).toBe(rows);
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < rows; j++) {
            const differences = Array.from(
              { length: units },
              (_, unit) => recording.data[i * units + unit]! - recording.data[j * units + unit]!,
            );
            expect(values[i * count + j]).toBeCloseTo(Math.hypot(...differences), 10);
          }
      }),
    );
  });

  test("are symmetric, 0 between equal rows and obey the triangle inequality", () => {
    fc.assert(
      fc.property(anyCount, (recording) => {
        const { count, values } = pairwiseDistances(recording);
        const between = (i: number, j: number) => values[i * count + j]!;
        for (let i = 0; i < count; i++) {
          expect(between(i, i)).toBe(0);
          for (let j = 0; j < count; j++) {
            expect(between(j, i)).toBe(between(i, j));
            for (let k = 0; k < count; k++)
              expect(between(i, k)).toBeLessThanOrEqual(between(i, j) + between(j, k) + 1e-9);
          }
        }
      }),
    );
  });

  test("neither overflow nor vanish", () => {
    for (const size of [1e-200, 1e200])
      expect(pairwiseDistances({ shape: [2, 2], data: [0, 0, 3 * size, 4 * size] }).values[1]! / size).toBeCloseTo(
        5,
        12,
      );
    expect([...pairwiseDistances({ shape: [2, 1], data: [0, 0] }).values]).toEqual([0, 0, 0, 0]);
  });

  test("a value that is no number is refused by its place", () => {
    expect(() => pairwiseDistances({ shape: [2, 2], data: [0, 1, Number.NaN, 2] })).toThrow(
      "Matrix recording: row 1, column 0 is NaN, expected finite numbers",
    );
  });
});
