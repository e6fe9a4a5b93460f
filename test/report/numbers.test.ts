import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  degrees,
  duration,
  listed,
  MISSING,
  number,
  percent,
  plusMinus,
  range,
  share,
  whole,
} from "../../src/report/numbers.ts";

describe("numbers", () => {
  it("read as a person writes them", () => {
    expect([0, 0.0312345, 1.5, 29.64, 512.4, 46_900, 3e-7, 2.5e9].map((value) => number(value))).toEqual([
      "0",
      "0.0312",
      "1.5",
      "29.6",
      "512",
      "46,900",
      "3.00e-7",
      "2.50e9",
    ]);
    expect([0.0187, 0, 1].map(percent)).toEqual(["1.87\u00a0%", "0.00\u00a0%", "100.00\u00a0%"]);
    expect([0, 0.034, 37.94, 90].map(degrees)).toEqual(["0°", "0.034°", "37.9°", "90.0°"]);
    expect([0.81, 42.2, 59.6, 200, 3599.7, 7500].map(duration)).toEqual([
      "0.81 s",
      "42 s",
      "1 min 0 s",
      "3 min 20 s",
      "1 h 0 min",
      "2 h 5 min",
    ]);
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).toEqual(["", "a", "a and b", "a, b and c"]);
  });

  it("say the unit of a mean and its deviation once", () => {
    const said = [
      plusMinus({ mean: 0.0187, deviation: 0.0005 }, percent),
      plusMinus({ mean: 37.94, deviation: 0.42 }, degrees),
      plusMinus({ mean: 0.1023, deviation: 0.00268 }, number),
      plusMinus({ mean: 29.64, deviation: 0.3 }, (value, digits) => `${number(value, digits)} ms`),
    ];
    expect(said.map((text) => text.replaceAll("\u00a0", " "))).toEqual([
      "1.87 ± 0.05 %",
      "37.9 ± 0.4°",
      "0.102 ± 0.0027",
      "29.6 ± 0.3 ms",
    ]);
  });

  it("give a range only where values differ as written", () => {
    expect(range([10, 10], number)).toBe("10");
    expect(range([469, 4690, 12], whole)).toBe("12 to 4,690");
  });

  it("say 100 % of all and never of almost all", () => {
    expect([1, 0.99999, 0.996, 0].map(share)).toEqual(["100\u00a0%", "99.9\u00a0%", "99.6\u00a0%", "0\u00a0%"]);
  });

  it("are a dash where there is none", () => {
    for (const write of [number, whole, percent, share, degrees, duration]) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null as unknown as number])
        expect(write(value)).toBe(MISSING);
    }
  });

  it("stay within half a per cent of the value", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
        const read = Number(number(value).replaceAll(",", ""));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(0.00501 * Math.abs(value));
      }),
    );
  });
});
