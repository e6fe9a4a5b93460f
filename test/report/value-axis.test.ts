import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueAxis } from "../../src/report/figures/value-axis.ts";

const measured = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 1e12 }),
    fc.double({ min: 0, max: 1e-300 }),
    fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 3.4e38),
  ),
);

describe("a value axis", () => {
  it("is linear from 0 for values of one size, logarithmic for values of many", () => {
    expect(valueAxis([1.9, 2.3, 12]).scale).toMatchObject({ type: "linear", domain: [0, 12] });
    expect(valueAxis([0.06, 2.3, 12]).scale).toEqual({ type: "log", domain: [0.05, 20], nice: false });
    expect(valueAxis([0.06, 2.3, 12]).ticks).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]);
  });

  it("puts 0 below the smallest other value and says so", () => {
    const axis = valueAxis([0, 0.06, 12]);
    expect(axis.place(0)).toBe(0.02);
    expect(axis.clamped).toBe(true);
    expect(valueAxis([0.06, 12]).clamped).toBe(false);
  });

  it("does not follow one value to infinity", () => {
    const axis = valueAxis([2, 1, 0.5, 0.3, 1e30]);
    expect(axis.scale.domain).toEqual([0.2, 10_000]);
    expect(axis.place(1e30)).toBe(10_000);
  });

  it("does without values", () => {
    for (const values of [[], [0], [Number.NaN]]) expect(valueAxis(values).scale.domain).toEqual([0, 1]);
  });

  it("takes values that single precision cannot hold for 0", () => {
    expect(valueAxis([5e-324, 0, 1e-320]).scale.domain).toEqual([0, 1]);
    expect(valueAxis([5e-324, 0.06, 12]).scale.domain).toEqual([0.02, 20]);
  });

  it("holds every value it places, in order, on ticks that a reader can tell apart", () => {
    fc.assert(
      fc.property(measured, (values) => {
        const axis = valueAxis(values);
        const [low, high] = axis.scale.domain;
        const placed = values
          .filter(Number.isFinite)
          .sort((a, b) => a - b)
          .map(axis.place);
        for (const value of placed) expect(value >= low && value <= high).toBe(true);
        expect(placed).toEqual([...placed].sort((a, b) => a - b));
        expect(low < high).toBe(true);
        if (axis.scale.type === "log") expect(low).toBeGreaterThan(0);
        const ticks = axis.ticks ?? [];
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const tick of ticks) expect(tick >= low && tick <= high).toBe(true);
      }),
    );
  });
});
