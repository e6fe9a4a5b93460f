import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bothTailsOfStudentT } from "../../src/analysis/student-t.ts";

const values = fc.double({ min: 1e-6, max: 1e4, noNaN: true });
const degrees = fc.double({ min: 0.5, max: 1e4, noNaN: true });

/** How far a number is from what it should be, as a share of it. */
const miss = (got: number, right: number) => Math.abs(got - right) / right;

describe("both tails of Student's t", () => {
  test("have the closed forms of 1, 2 and 4 degrees of freedom, to 13 digits at any distance", () => {
    fc.assert(
      fc.property(values, (t) => {
        expect(miss(bothTailsOfStudentT(t, 1), (2 / Math.PI) * Math.atan(1 / t))).toBeLessThan(1e-13);
        const length = Math.hypot(t, Math.SQRT2);
        expect(miss(bothTailsOfStudentT(t, 2), 2 / (length * (length + t)))).toBeLessThan(1e-13);
        const y = 4 / (4 + t * t);
        // 1 - (3 s - s^3) / 2 at s = sqrt(1 - y), in a form without cancellation.
        const s = t / Math.hypot(t, 2);
        expect(miss(bothTailsOfStudentT(t, 4), ((y / (1 + s)) ** 2 * (2 + s)) / 2)).toBeLessThan(1e-13);
      }),
    );
  });

  test("do not see the sign, are 1 at 0, fall with the distance and with the degrees of freedom", () => {
    fc.assert(
      fc.property(values, degrees, fc.double({ min: 1.001, max: 3, noNaN: true }), (t, n, factor) => {
        const p = bothTailsOfStudentT(t, n);
        expect(bothTailsOfStudentT(-t, n)).toBe(p);
        expect(bothTailsOfStudentT(0, n)).toBe(1);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(bothTailsOfStudentT(factor * t, n)).toBeLessThanOrEqual(p);
        // Near 0 the tails of all degrees of freedom are 1 but for rounding.
        expect(bothTailsOfStudentT(t, factor * n)).toBeLessThanOrEqual(p + 1e-13);
      }),
    );
  });

  // Degrees of freedom, t and p, reckoned with 60 digits.
  test.each([
    [1.5, 0.1, 0.9320414534869627],
    [1.5, 30, 0.004585642322979405],
    [4.7, 2, 0.10557218220343959],
    [17.776, 0.001, 0.9992132525978038],
    [17.776, 10, 1.008301764290416e-8],
    [100.3, 1, 0.3197169545974199],
    [100.3, 100, 2.819743922558954e-102],
    [1000, 2, 0.04577034649325164],
    [1e4, 0.01, 0.9920214868493558],
    [1e4, 30, 2.0443270474255706e-189],
    [1e5, 1, 0.31731292756411],
    [1e6, 0.001, 0.9992021157716491],
    [1e6, 5, 5.733997870890742e-7],
    [1e7, 0.5, 0.617075088454015],
    [1e7, 2, 0.04550029089184295],
    [1e7, 30, 1.00146136908178e-197],
  ])("with %d degrees of freedom beyond %d are %d", (n, t, p) => {
    // At n degrees of freedom p is a power of order n, so that rounding counts n times.
    expect(miss(bothTailsOfStudentT(t, n), p)).toBeLessThan(1e-14 + 1e-16 * n);
  });
});
