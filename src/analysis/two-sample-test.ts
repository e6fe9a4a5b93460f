import { ShapeError } from "../compute/errors.ts";
import { largestMagnitude } from "./matrix.ts";
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
  const differences = Array.from(a, (value, index) => value - b[index]!);
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  const size = Math.max(largestMagnitude(a), largestMagnitude(b));
  return tTest("paired", mean(differences), error, differences.length - 1, size);
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
  const errors = [a, b].map((values) => standardDeviation(values) / Math.sqrt(values.length)) as [number, number];
  const error = Math.hypot(...errors);
  // As shares of the whole, whose squares neither overflow nor vanish.
  const [shareA, shareB] = errors.map((each) => (each / error) ** 2) as [number, number];
  const degreesOfFreedom = 1 / (shareA ** 2 / (a.length - 1) + shareB ** 2 / (b.length - 1));
  const size = Math.max(largestMagnitude(a), largestMagnitude(b));
  return tTest("welch", mean(a) - mean(b), error, degreesOfFreedom, size);
}

/** @param size largest magnitude of the values, which tells a spread from the rounding of values that do not vary */
function tTest(
  test: "paired" | "welch",
  difference: number,
  error: number,
  degreesOfFreedom: number,
  size: number,
): TwoSampleTest {
  if (error <= 10 * Number.EPSILON * size)
    return { test: "none", reason: "the values do not vary, so that any difference is beyond a test" };
  const statistic = difference / error;
  return { test, difference, statistic, degreesOfFreedom, p: bothTailsOfStudentT(statistic, degreesOfFreedom) };
}

function tooFew(a: number, b: number): TwoSampleTest {
  return { test: "none", reason: `a test needs at least 2 values of each condition, there are ${a} and ${b}` };
}
