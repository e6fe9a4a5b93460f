import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DigitReportName, digitReports, mostDigits } from "../../../src/tasks/digits/digit-reports.ts";

const levels = Array.from({ length: 10 }, (_, digit) => digit);
const pairs = levels.flatMap((one) => levels.map((other) => [one, other] as const));
const several = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: mostDigits });
const names = Object.keys(digitReports) as DigitReportName[];

/** Bit by bit, in decimal arithmetic. */
const bitwise = (one: number, other: number, combine: (bits: number) => boolean) =>
  [1, 2, 4, 8].reduce((sum, bit) => {
    const bits = (Math.floor(one / bit) % 2) + (Math.floor(other / bit) % 2);
    return sum + (combine(bits) ? bit : 0);
  }, 0);

const odd = (a: number, b: number) => [1, 3, 5, 7, 9, 11, 13, 15, 17].includes(a + b);

describe("on every pair of digits", () => {
  const plain: Readonly<Partial<Record<DigitReportName, readonly [number, (a: number, b: number) => number[]]>>> = {
    "parity-digits": [10, (a, b) => (odd(a, b) ? [a] : [b])],
    "parity-digits-inverse": [10, (a, b) => (odd(a, b) ? [b] : [a])],
    "parity-digits-both": [10, (a, b) => (odd(a, b) ? [a, b] : [b, a])],
    parity: [2, (a, b) => [odd(a, b) ? 1 : 0]],
    sum: [19, (a, b) => [a + b]],
    max: [10, (a, b) => [levels.findLast((digit) => digit === a || digit === b)!]],
    min: [10, (a, b) => [levels.find((digit) => digit === a || digit === b)!]],
    xor: [16, (a, b) => [bitwise(a, b, (bits) => bits === 1)]],
    and: [16, (a, b) => [bitwise(a, b, (bits) => bits === 2)]],
    or: [16, (a, b) => [bitwise(a, b, (bits) => bits > 0)]],
    digits: [10, (a, b) => [a, b]],
    "digit-1": [10, (a) => [a]],
    "digit-2": [10, (_a, b) => [b]],
  };

  test("no report is left out", () => {
    expect(names.filter((name) => digitReports[name].least === 2).sort()).toEqual(Object.keys(plain).sort());
  });

  test.each(Object.entries(plain))("%s follows its formula", (name, [classes, formula]) => {
    const report = digitReports[name as DigitReportName];
    expect(report.classes(2)).toBe(classes);
    for (const [a, b] of pairs) {
      expect(report.answer([a, b]), `${a}, ${b}`).toEqual(formula(a, b));
      expect(report.targets(2)).toBe(formula(a, b).length);
    }
  });
});

test("every answer of every report on any number of digits is one of its classes, and all of them if it can be", () => {
  fc.assert(
    fc.property(several, fc.constantFrom(...names), (digits, name) => {
      const report = digitReports[name];
      fc.pre(report.least <= digits.length);
      const answer = report.answer(digits);
      expect(answer.length).toBe(report.targets(digits.length));
      for (const label of answer) {
        expect(Number.isInteger(label) && label >= 0 && label < report.classes(digits.length)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
  for (const count of [2, 3, 8]) {
    expect(digitReports.sum.answer(new Array(count).fill(9))).toEqual([digitReports.sum.classes(count) - 1]);
  }
});

test("on more digits, reports that do not care for order do not, and one digit is that digit", () => {
  fc.assert(
    fc.property(several, fc.nat(), (digits, seed) => {
      const turned = [...digits.slice(seed % digits.length), ...digits.slice(0, seed % digits.length)];
      for (const name of ["parity", "sum", "max", "min", "xor", "and", "or"] as const)
        expect(digitReports[name].answer(turned)).toEqual(digitReports[name].answer(digits));
      digits.forEach((digit, place) => {
        const report = digitReports[`digit-${place + 1}` as DigitReportName];
        expect(report.answer(digits)).toEqual([digit]);
        expect(report.least).toBeLessThanOrEqual(digits.length);
      });
      const [first, second] = digitReports["parity-digits-both"].answer(digits);
      expect([first, second].sort()).toEqual(digits.slice(0, 2).sort());
      expect(digitReports["parity-digits"].answer(digits)).toEqual([first]);
      expect(digitReports["parity-digits-inverse"].answer(digits)).toEqual([second]);
    }),
  );
});

test.each([
  [[1, 3], 3],
  [[0, 1], 0],
  [[3, 0], 3],
  [[0, 4, 4], 4],
  [[2, 2, 1], 2],
  [[5, 1, 2], 1],
  [[1, 4, 3], 4],
  [[0, 0, 0], 0],
])("parity-digits of %j is %i, as in the reference cases of modular networks", (digits, target) => {
  expect(digitReports["parity-digits"].answer(digits)).toEqual([target]);
});
