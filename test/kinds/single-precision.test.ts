import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlain } from "../../src/kinds/plain-data.ts";
import { nonNegativeSingle, positiveSingle, shareBelowOne } from "../../src/kinds/single-precision.ts";

const faultOf = (schema: Parameters<typeof parsePlain>[0], value: unknown) => {
  const parsed = parsePlain(schema, value);
  return "fault" in parsed ? parsed.fault : undefined;
};

describe("a number that kernels hold", () => {
  it("passes as it is where float32 has a normal number for it, and else is told", () => {
    fc.assert(
      fc.property(fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true }), (value) => {
        const held = Math.fround(value);
        const passes = held >= 2 ** -126 && Number.isFinite(held);
        const fault = `got ${value}, expected a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision`;
        expect(parsePlain(positiveSingle, value)).toEqual(passes ? { value } : { fault });
      }),
    );
    for (const value of [1e39, 1e-46, 1e-40]) expect(faultOf(positiveSingle, value)).toContain("single precision");
    expect(faultOf(positiveSingle, 0)).toBe("got 0, expected a finite number above 0");
    expect(faultOf(positiveSingle, 3.4e38)).toBeUndefined();
  });

  it("may be 0 where nothing is divided by it", () => {
    expect(parsePlain(nonNegativeSingle, 0)).toEqual({ value: 0 });
    expect(faultOf(nonNegativeSingle, -1)).toBe("got -1, expected a finite number of at least 0");
    expect(faultOf(nonNegativeSingle, 1e39)).toBe(
      "got 1e+39, expected 0 or a number from 1.2e-38 to 3.4e38, as kernels hold it in single precision",
    );
  });

  it("is below 1 in float32 too where 1 would keep everything", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(faultOf(shareBelowOne, value) === undefined).toBe(Math.fround(value) < 1);
      }),
    );
    expect(faultOf(shareBelowOne, 0.99999999)).toBe(
      "got 0.99999999, expected a number from 0 to 0.99999994, the largest below 1 in single precision",
    );
    expect(faultOf(shareBelowOne, 0.99999994)).toBeUndefined();
    for (const value of [1, 2, -0.1]) expect(faultOf(shareBelowOne, value)).toContain(`got ${value}, expected`);
  });
});
