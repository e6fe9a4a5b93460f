import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../src/analysis/wilson-interval.ts";

describe("Wilson's interval", () => {
  // Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %i of %i is the published one", (count, trials, low, high) => {
    const interval = wilsonInterval(count / trials, trials)!;
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it("holds the share, lies within 0 and 1, is the mirror image of that of the other outcome, and narrows with trials", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, part) => {
        const share = Math.round(part * trials) / trials;
        const [low, high] = wilsonInterval(share, trials)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        const [otherLow, otherHigh] = wilsonInterval(1 - share, trials)!;
        expect(otherLow).toBeCloseTo(1 - high, 9);
        expect(otherHigh).toBeCloseTo(1 - low, 9);
        const [moreLow, moreHigh] = wilsonInterval(share, 4 * trials)!;
        expect(moreHigh - moreLow).toBeLessThan(high - low);
      }),
    );
  });

  it("is not there without trials or for what is no share", () => {
    for (const [share, trials] of [
      [0.5, 0],
      [Number.NaN, 10],
      [1.2, 10],
      [-0.1, 10],
      [0.5, Number.NaN],
    ] as const)
      expect(wilsonInterval(share, trials)).toBeUndefined();
  });
});
