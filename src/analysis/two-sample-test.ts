import { ShapeError } from "../kinds/errors.ts";
import { binaryUnit, largestMagnitude } from "./matrix.ts";
import { checkFinite, mean, standardDeviation } from "./moments.ts";
import { bothTailsOfStudentT } from "./student-t.ts";

/** A comparison of two conditions by Student's t, or why there is none. */
export type TwoSampleTest =
  | {
      readonly test: "paired" | "welch";
      /** Mean of a minus mean of b. */
      readonly difference: number;
      /** The difference over its standard error. */
      readonly statistic: number;
      readonly degreesOfFreedom: number;
      /** Probability of a statistic at least as far from 0, on either side, if the means were equal. */
      readonly p: number;
    }
  | { readonly test: "none"; readonly reason: string };

/**
 * Paired t-test of the differences d_i = a_i - b_i: t = mean(d) / (s_d / sqrt(n)) with n - 1 degrees of freedom, two-sided.
 * For conditions that share what is random in a pair, such as the seed of two learning rules.
 *
 * Source: Student 1908, The probable error of a mean.
 *
 * @param a values of one condition, in any unit
 * @param b values of the other, in the same order
 * @returns no test, with the reason, for fewer than 2 pairs or differences that do not vary
 * @throws ShapeError where the numbers of values differ; DataError naming a value that is not finite
 */
export function pairedTTest(a: ArrayLike<number>, b: ArrayLike<number>): TwoSampleTest {
  if (a.length !== b.length) {
    throw new ShapeError(
      `Paired t-test: a has ${a.length} values and b has ${b.length}, expected pairs; leave out those without a partner`,
    );
  }
  if (a.length < 2) return tooFew(a.length, b.length);
  checkFinite(a, "Paired t-test: a");
  checkFinite(b, "Paired t-test: b");
  const unit = commonUnit(a, b);
  const differences = Array.from(a, (value, index) => value / unit - b[index]! / unit);
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  return tTest("paired", { difference: mean(differences), error, degreesOfFreedom: differences.length - 1, unit });
}

/**
 * Welch's t-test of two independent conditions: with v = s^2 / n of each, t = (mean(a) - mean(b)) / sqrt(v_a + v_b) and
 * (v_a + v_b)^2 / (v_a^2 / (n_a - 1) + v_b^2 / (n_b - 1)) degrees of freedom, two-sided.
 *
 * Source: Welch 1947, The generalization of Student's problem when several different population variances are involved.
 *
 * @param a values of one condition, in any unit
 * @param b values of the other
 * @returns no test, with the reason, for fewer than 2 values of a condition or values that do not vary in either
 * @throws DataError naming a value that is not finite
 */
export function welchTTest(a: ArrayLike<number>, b: ArrayLike<number>): TwoSampleTest {
  if (a.length < 2 || b.length < 2) return tooFew(a.length, b.length);
  checkFinite(a, "Welch's t-test: a");
  checkFinite(b, "Welch's t-test: b");
  const unit = commonUnit(a, b);
  const [inUnitA, inUnitB] = [a, b].map((values) => Float64Array.from(values, (value) => value / unit)) as [
    Float64Array,
    Float64Array,
  ];
  const errors = [inUnitA, inUnitB].map((values) => standardDeviation(values) / Math.sqrt(values.length)) as [
    number,
    number,
  ];
  const error = Math.hypot(...errors);
  // As shares of the whole, whose squares neither overflow nor vanish.
  const [shareA, shareB] = errors.map((each) => (each / error) ** 2) as [number, number];
  const degreesOfFreedom = 1 / (shareA ** 2 / (a.length - 1) + shareB ** 2 / (b.length - 1));
  return tTest("welch", { difference: mean(inUnitA) - mean(inUnitB), error, degreesOfFreedom, unit });
}

/** A unit for the values of both conditions, in which the largest magnitude is from 1 to below 2, or 0. */
const commonUnit = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  binaryUnit([Math.max(largestMagnitude(a), largestMagnitude(b))]);

/** Difference and its standard error in the common unit of the values. */
interface Compared {
  readonly difference: number;
  readonly error: number;
  readonly degreesOfFreedom: number;
  readonly unit: number;
}

function tTest(test: "paired" | "welch", { difference, error, degreesOfFreedom, unit }: Compared): TwoSampleTest {
  // No more than the rounding of values that do not vary.
  if (error <= 10 * Number.EPSILON)
    return { test: "none", reason: "the values do not vary, so that any difference is beyond a test" };
  const statistic = difference / error;
  const p = bothTailsOfStudentT(statistic, degreesOfFreedom);
  return { test, difference: difference * unit, statistic, degreesOfFreedom, p };
}

function tooFew(a: number, b: number): TwoSampleTest {
  return { test: "none", reason: `a test needs at least 2 values of each condition, there are ${a} and ${b}` };
}
