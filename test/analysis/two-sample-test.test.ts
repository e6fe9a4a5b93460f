import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairedTTest, type TwoSampleTest, welchTTest } from "../../src/analysis/two-sample-test.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";

type Tested = Exclude<TwoSampleTest, { test: "none" }>;

function tested(result: TwoSampleTest): Tested {
  if (result.test === "none") throw new Error(result.reason);
  return result;
}

/** Extra hours of sleep by two drugs in the same ten patients (Student 1908). */
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

const values = fc
  .array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 8 })
  .filter((drawn) => new Set(drawn).size > 1);

/** Digits that p keeps where the values are scaled and moved, which rounds the statistic. */
const digitsOfP = 9;

/** P(|T| >= |t|) by integrating the density of Student's t, with the substitution t = sqrt(df) tan(angle). */
function tail(t: number, df: number): number {
  const start = Math.atan(Math.abs(t) / Math.sqrt(df));
  const integral = (from: number) => {
    const steps = 4000;
    const width = (Math.PI / 2 - from) / steps;
    let sum = 0;
    // By Simpson's rule; the density becomes a power of the cosine.
    for (let step = 0; step <= steps; step++)
      sum +=
        (step === 0 || step === steps ? 1 : step % 2 ? 4 : 2) * Math.max(0, Math.cos(from + step * width)) ** (df - 1);
    return (sum * width) / 3;
  };
  return integral(start) / integral(0);
}

describe("known answers", () => {
  test("Student's sleep data, paired", () => {
    const result = tested(pairedTTest(first, second));
    expect(result.test).toBe("paired");
    expect(result.difference).toBeCloseTo(-1.58, 10);
    expect(result.statistic).toBeCloseTo(-4.0621, 4);
    expect(result.degreesOfFreedom).toBe(9);
    expect(result.p).toBeCloseTo(0.002833, 6);
  });

  test("the same data as if the patients were twenty", () => {
    const result = tested(welchTTest(first, second));
    expect(result.test).toBe("welch");
    expect(result.difference).toBeCloseTo(-1.58, 10);
    expect(result.statistic).toBeCloseTo(-1.8608, 4);
    expect(result.degreesOfFreedom).toBeCloseTo(17.776, 3);
    expect(result.p).toBeCloseTo(0.07939, 5);
  });
});

describe("properties", () => {
  test("p is the area in both tails of Student's density", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { statistic, degreesOfFreedom, p } = tested(welchTTest(a, b));
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        // Below two degrees of freedom the integrand has a kink that Simpson's rule does not resolve.
        fc.pre(degreesOfFreedom >= 2);
        expect(p).toBeCloseTo(tail(statistic, degreesOfFreedom), 5);
      }),
    );
  });

  test("p keeps its digits where it is small", () => {
    // Two degrees of freedom have a closed form: p = 1 - |t| / sqrt(2 + t^2), which for large t is 1 / t^2.
    const { statistic, p } = tested(pairedTTest([1e4, 1e4 + 1, 1e4 + 2], [0, 0, 0]));
    expect(p * statistic ** 2).toBeCloseTo(1, 5);
    expect(p).toBeLessThan(1e-7);
  });

  test("the statistic turns with the order of the conditions and does not see unit or origin", () => {
    const units = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(values, values, units, fc.integer({ min: -100, max: 100 }), (a, b, unit, origin) => {
        const changed = (from: readonly number[]) => from.map((value) => unit * value + origin);
        const length = Math.min(a.length, b.length);
        for (const [test, x, y] of [
          [pairedTTest, a.slice(0, length), b.slice(0, length)],
          [welchTTest, a, b],
        ] as const) {
          const result = test(x, y);
          if (result.test === "none") continue;
          const turned = tested(test(y, x));
          expect(turned.statistic).toBeCloseTo(-result.statistic, 8);
          expect(turned.p).toBeCloseTo(result.p, digitsOfP);
          const scaled = tested(test(changed(x), changed(y)));
          expect(scaled.statistic).toBeCloseTo(result.statistic, 8);
          expect(scaled.difference).toBeCloseTo(unit * result.difference, 6);
          expect(scaled.p).toBeCloseTo(result.p, digitsOfP);
        }
      }),
    );
  });

  test("a test is the same in units that make values as large or small as numbers can be", () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: -1000, max: 1014 }), (a, b, power) => {
        const length = Math.min(a.length, b.length);
        const inUnit = (from: readonly number[]) => from.map((value) => value * 2 ** power);
        for (const [test, x, y] of [
          [pairedTTest, a.slice(0, length), b.slice(0, length)],
          [welchTTest, a, b],
        ] as const) {
          const { difference: _, ...result } = test(x, y) as Tested;
          const { difference: __, ...inOther } = test(inUnit(x), inUnit(y)) as Tested;
          expect(inOther).toEqual(result);
        }
      }),
      { examples: [[[-500, 500], [500, -500], 1014]] },
    );
  });

  test("with equal numbers and equal spread Welch's degrees of freedom are 2 n - 2, and never more", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { degreesOfFreedom } = tested(welchTTest(a, b));
        expect(degreesOfFreedom).toBeLessThanOrEqual(a.length + b.length - 2 + 1e-9);
        expect(degreesOfFreedom).toBeGreaterThanOrEqual(Math.min(a.length, b.length) - 1 - 1e-9);
        const shifted = tested(
          welchTTest(
            a,
            a.map((value) => value + 3),
          ),
        );
        expect(shifted.degreesOfFreedom).toBeCloseTo(2 * a.length - 2, 8);
      }),
    );
  });
});

describe("where there is nothing to test", () => {
  test("one value of a condition is too few, and the numbers are told", () => {
    const reason = (a: number, b: number) => ({
      test: "none",
      reason: `a test needs at least 2 values of each condition, there are ${a} and ${b}`,
    });
    expect(pairedTTest([1], [2])).toEqual(reason(1, 1));
    expect(pairedTTest([], [])).toEqual(reason(0, 0));
    expect(welchTTest([1, 2, 3], [2])).toEqual(reason(3, 1));
  });

  test("values that do not vary give no number either", () => {
    const reason = { test: "none", reason: "the values do not vary, so that any difference is beyond a test" };
    expect(pairedTTest([1, 2], [2, 3])).toEqual(reason);
    expect(pairedTTest([0.1, 0.2, 0.7], [0.2, 0.3, 0.8])).toEqual(reason);
    expect(welchTTest([1, 1], [2, 2])).toEqual(reason);
  });

  test("pairs without a partner and values that are no numbers are refused", () => {
    expect(() => pairedTTest([1, 2, 3], [1, 2])).toThrow(ShapeError);
    expect(() => pairedTTest([1, 2, 3], [1, 2])).toThrow("Paired t-test: a has 3 values and b has 2, expected pairs");
    expect(() => welchTTest([1, Number.NaN], [1, 2])).toThrow(DataError);
    expect(() => welchTTest([1, 2], [1, Number.NaN])).toThrow(
      "Welch's t-test: b: value 1 is NaN, expected finite numbers; look for what made it upstream",
    );
    expect(() => pairedTTest([1, Number.POSITIVE_INFINITY], [1, 2])).toThrow(
      "Paired t-test: a: value 1 is Infinity, expected finite numbers",
    );
  });
});
