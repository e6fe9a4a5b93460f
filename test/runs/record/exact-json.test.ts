import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromExactJson, toExactJson } from "../../../src/runs/record/exact-json.ts";
import { firstDifference } from "../../../src/runs/record/first-difference.ts";

const specialWords = fc.stringMatching(/^\\{0,3}(NaN|-?Infinity|-0)$/);
const plain = fc.anything({
  values: [fc.double(), fc.string({ unit: "binary" }), specialWords, fc.boolean(), fc.constant(null)],
  key: fc.oneof(fc.string(), fc.constant("__proto__")),
  withNullPrototype: false,
});

describe("exact JSON", () => {
  it("gives back every number and every string", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const back = fromExactJson(toExactJson(value));
        expect(firstDifference(value, back)).toBeUndefined();
        expect(fromExactJson(toExactJson(value, 2))).toEqual(back);
      }),
    );
  });

  it("is JSON that Python's float() can take further", () => {
    expect(toExactJson({ loss: Number.NaN, best: Number.NEGATIVE_INFINITY, zero: -0, name: "NaN", step: 3 })).toBe(
      '{"loss":"NaN","best":"-Infinity","zero":"-0","name":"\\\\NaN","step":3}',
    );
  });
});

describe("the first difference of two values", () => {
  it("is none exactly when they are equal", () => {
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        expect(firstDifference(one, structuredClone(one))).toBeUndefined();
        expect(firstDifference(one, other) === undefined).toBe(firstDifference(other, one) === undefined);
        expect(firstDifference([one], [one, other])?.path).toBe("[1]");
      }),
    );
  });

  it("has a path as in JavaScript and both values", () => {
    const here = { rule: "gevb", projections: [{ units: 512 }, { units: 256 }] };
    const there = { rule: "gevb", projections: [{ units: 512 }, { units: 128 }] };
    expect(firstDifference(here, there)).toEqual({ path: "projections[1].units", here: 256, there: 128 });
    expect(firstDifference({ a: 1 }, {})).toEqual({ path: "a", here: 1, there: undefined });
    expect(firstDifference({ a: undefined }, {})).toEqual({ path: "a", here: undefined, there: undefined });
    expect(firstDifference([], {})).toEqual({ path: "", here: [], there: {} });
    expect(firstDifference(0, -0)).toEqual({ path: "", here: 0, there: -0 });
  });
});
