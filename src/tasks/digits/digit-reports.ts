/** What a circuit is asked to report about the digits of a trial. */
export interface DigitReport {
  readonly summary: string;
  /** Digits that a trial has to show at least. */
  readonly least: number;
  /** Classes of each target, of n digits from 0 to 9. */
  classes(digits: number): number;
  /** Classes that are reported at once. */
  targets(digits: number): number;
  /** The class of each target. */
  answer(digits: readonly number[]): readonly number[];
}

/** The digit at a place, counted from 1. */
type Place = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
const places: readonly Place[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Digits that a trial can show at most. */
export const mostDigits = places.length;

const levels = 10;
const sum = (digits: readonly number[]) => digits.reduce((total, digit) => total + digit, 0);
const isOdd = (digits: readonly number[]) => sum(digits) % 2 === 1;

/** The first digit where the sum of all is odd, else the second one; the further ones only count in the sum. */
const parityDigit = (digits: readonly number[]) => digits[isOdd(digits) ? 0 : 1]!;
const otherDigit = (digits: readonly number[]) => digits[isOdd(digits) ? 1 : 0]!;

/** A report of one class, as a rule of 10. */
const single = (
  summary: string,
  answer: (digits: readonly number[]) => number,
  classes: (digits: number) => number = () => levels,
): DigitReport => ({ summary, least: 2, classes, targets: () => 1, answer: (digits) => [answer(digits)] });

const single16 = (summary: string, combine: (one: number, other: number) => number) =>
  single(
    summary,
    (digits) => digits.reduce(combine),
    () => 16,
  );

const digitAt = (place: Place): DigitReport => ({
  ...single(`digit ${place} alone`, (digits) => digits[place - 1]!),
  least: Math.max(2, place),
});

/**
 * The family of reports on n digits d_1 ... d_n, by name. Source: Béna & Goodman, arXiv 2106.02626 (2021) and its revision of
 * 2024; for more than two digits, parity-digits takes the parity of the whole sum and chooses among the first two.
 */
export const digitReports = {
  "parity-digits": single("d_1 if the sum is odd, else d_2", parityDigit),
  "parity-digits-inverse": single("d_2 if the sum is odd, else d_1", otherDigit),
  "parity-digits-both": {
    summary: "parity-digits, and its inverse as a second target",
    least: 2,
    classes: () => levels,
    targets: () => 2,
    answer: (digits) => [parityDigit(digits), otherDigit(digits)],
  },
  parity: single(
    "1 if the sum is odd, else 0",
    (digits) => Number(isOdd(digits)),
    () => 2,
  ),
  sum: single("the sum", sum, (digits) => (levels - 1) * digits + 1),
  max: single("the largest", (digits) => Math.max(...digits)),
  min: single("the smallest", (digits) => Math.min(...digits)),
  xor: single16("bitwise exclusive or", (one, other) => one ^ other),
  and: single16("bitwise and", (one, other) => one & other),
  or: single16("bitwise or", (one, other) => one | other),
  digits: {
    summary: "all of them, target m is d_m",
    least: 2,
    classes: () => levels,
    targets: (digits) => digits,
    answer: (digits) => digits,
  },
  ...(Object.fromEntries(places.map((place) => [`digit-${place}`, digitAt(place)])) as Record<
    `digit-${Place}`,
    DigitReport
  >),
} satisfies Readonly<Record<string, DigitReport>>;

/** Name of a report in `digitReports`. */
export type DigitReportName = keyof typeof digitReports;
