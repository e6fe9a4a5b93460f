import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/compute/random.ts";
import { gatingVectors } from "../../src/neurons/gains/gating-vectors.ts";

describe("gating vectors", () => {
  it("are +1 or -1, and opposite within each pair", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 10 }), fc.nat(), (units, k, seed) => {
        const vectors = gatingVectors(units, k, randomStream(seed, "gate"));
        expect(vectors.length).toBe(units * k);
        vectors.forEach((value, at) => {
          expect(Math.abs(value)).toBe(1);
          if ((at % units) % 2 === 1) expect(value).toBe(-vectors[at - 1]!);
        });
      }),
    );
  });

  it("are as often +1 as -1 in even units", () => {
    const [units, dimension] = [2000, 10];
    const vectors = gatingVectors(units, dimension, randomStream(7, "gate"));
    const even = vectors.filter((_, at) => at % 2 === 0);
    const mean = even.reduce((sum, value) => sum + value, 0) / even.length;
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(even.length));
  });
});
