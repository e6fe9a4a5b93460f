import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { specialization } from "../../src/analysis/specialization.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";

/** Values of a metric, some below chance, of two to five modules. */
const metrics = fc.integer({ min: 2, max: 5 }).chain((modules) =>
  fc
    .array(
      fc.integer({ min: -20, max: 100 }).map((value) => value / 100),
      { minLength: modules ** 2, maxLength: modules ** 2 },
    )
    .map((data): Matrix => ({ shape: [modules, modules], data })),
);

const square = (modules: number, value: (module: number, digit: number) => number): Matrix => ({
  shape: [modules, modules],
  data: Array.from({ length: modules ** 2 }, (_, at) => value(Math.floor(at / modules), at % modules)),
});

describe("specialization", () => {
  test("lies in [-1, 1], and does not change with the unit of the metric", () => {
    fc.assert(
      fc.property(metrics, fc.double({ min: 0.01, max: 100, noNaN: true }), (metric, unit) => {
        const { ofModules, mean } = specialization(metric);
        for (const value of [...ofModules, mean]) expect(Math.abs(value)).toBeLessThanOrEqual(1);
        expect(mean).toBeCloseTo(ofModules.reduce((sum, value) => sum + value, 0) / ofModules.length, 12);
        const scaled = { ...metric, data: Array.from(metric.data, (value) => value * unit) };
        specialization(scaled).ofModules.forEach((value, module) => {
          expect(value).toBeCloseTo(ofModules[module]!, 12);
        });
      }),
    );
  });

  test("moves with modules that are exchanged together with their digits", () => {
    fc.assert(
      fc.property(metrics, fc.nat(), (metric, seed) => {
        const [modules] = metric.shape;
        const order = randomStream(seed, "order").permutation(modules);
        const moved = square(modules, (module, digit) => metric.data[order[module]! * modules + order[digit]!]!);
        const before = specialization(metric);
        const after = specialization(moved);
        after.ofModules.forEach((value, module) => {
          expect(value).toBeCloseTo(before.ofModules[order[module]!]!, 12);
        });
        expect(after.mean).toBeCloseTo(before.mean, 12);
      }),
    );
  });

  test("is 1 for experts, -1 for experts of the other digits, 0 for modules that favour no digit", () => {
    const values = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), values, (modules, value) => {
        const meanOf = (metric: Matrix) => specialization(metric).mean;
        expect(meanOf(square(modules, (module, digit) => (module === digit ? value : 0)))).toBe(1);
        expect(meanOf(square(modules, (module, digit) => (module === digit ? value : -0.02)))).toBe(1);
        expect(meanOf(square(modules, (module, digit) => (module === digit ? 0 : value)))).toBe(-1);
        expect(meanOf(square(modules, () => value))).toBeCloseTo(0, 12);
      }),
    );
  });

  test("two equal modules mean 0, whichever digit they favour", () => {
    const values = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, values, (one, other) => {
        expect(specialization(square(2, (_, digit) => [one, other][digit]!)).mean).toBeCloseTo(0, 12);
      }),
    );
  });

  test("sets the own digit against the mean of the others", () => {
    const metric: Matrix = { shape: [3, 3], data: [0.9, 0.2, 0.4, 0.5, 0.5, 0.5, 0, 0, 0] };
    const { ofModules, mean } = specialization(metric);
    expect(ofModules[0]).toBeCloseTo(0.6 / 1.2, 12);
    expect([...ofModules.subarray(1)]).toEqual([0, 0]);
    expect(mean).toBeCloseTo(0.5 / 3, 12);
  });

  test.each<[Matrix]>([[{ shape: [2, 3], data: [1, 1, 1, 1, 1, 1] }], [{ shape: [1, 1], data: [1] }]])(
    "a metric of another shape is refused (%#)",
    (metric) => {
      expect(() => specialization(metric)).toThrow(ShapeError);
      expect(() => specialization(metric)).toThrow(
        `Specialization: metric has shape [${metric.shape.join(", ")}], expected [modules, digits] with a digit for each`,
      );
    },
  );

  test("a value that is no number is refused", () => {
    const metric: Matrix = { shape: [2, 2], data: [1, 0, Number.NaN, 1] };
    expect(() => specialization(metric)).toThrow(DataError);
    expect(() => specialization(metric)).toThrow("Matrix metric: row 1, column 0 is NaN");
  });
});
