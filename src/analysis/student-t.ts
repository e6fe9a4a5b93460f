/**
 * Both tails of Student's t: the probability that it lies at least as far from 0 as a value does, P(|T| >= |t|).
 *
 * With n degrees of freedom it is the regularised incomplete beta function I_x(n / 2, 1 / 2) at x = n / (n + t^2). Computed
 * is the continued fraction of I_x, or, near t = 0 where that converges slowly, the one of I_(1 - x)(1 / 2, n / 2) =
 * 1 - I_x. Both x and 1 - x come from t itself, so that p keeps a dozen digits where it is small and where n is large.
 *
 * Source: NIST Digital Library of Mathematical Functions 8.17.22, evaluated by the method of Lentz.
 *
 * @param t a finite number
 * @param degreesOfFreedom n, above 0, not necessarily whole
 * @returns from 0 to 1
 */
export function bothTailsOfStudentT(t: number, degreesOfFreedom: number): number {
  const [a, ratio] = [degreesOfFreedom / 2, t ** 2 / degreesOfFreedom];
  if (ratio === 0) return 1;
  const [x, rest] = [1 / (1 + ratio), 1 / (1 + 1 / ratio)];
  // x^a (1 - x)^(1/2) / B(a, 1/2)
  const front = Math.exp(-a * Math.log1p(ratio)) * Math.sqrt(rest / Math.PI) * gammaRatio(a);
  return x < (a + 1) / (a + 2.5)
    ? (front / a) * incompleteBetaFraction(a, 0.5, x)
    : 1 - 2 * front * incompleteBetaFraction(0.5, a, rest);
}

/** The continued fraction of I_x(a, b) x^-a (1 - x)^-b a B(a, b); it converges fast for x below (a + 1) / (a + b + 2). */
function incompleteBetaFraction(a: number, b: number, x: number): number {
  let value = 1;
  let [upper, lower] = [1, 0];
  const extend = (coefficient: number) => {
    lower = 1 / (1 + coefficient * lower);
    upper = 1 + coefficient / upper;
    value *= upper * lower;
  };
  for (let term = 1; ; term++) {
    const before = value;
    const even = a + 2 * term - 2;
    extend((-(a + term - 1) * (a + b + term - 1) * x) / (even * (even + 1)));
    extend((term * (b - term) * x) / ((even + 1) * (even + 2)));
    // So that numbers that are none end it too.
    if (!(Math.abs(value - before) > Number.EPSILON * Math.abs(value))) return 1 / value;
  }
}

/**
 * Gamma(a + 1/2) / Gamma(a): from 32 on by its expansion in powers of 1 / (a - 1/4)^2, whose next term is below 2e-15,
 * below by Gamma(a + 1) = a Gamma(a).
 */
function gammaRatio(a: number): number {
  let factor = 1;
  let from = a;
  for (; from < 32; from++) factor *= from / (from + 0.5);
  const centre = from - 0.25;
  const w = centre ** -2;
  return factor * Math.sqrt(centre) * (1 + w * (1 / 64 + w * (-19 / 8192 + (w * 631) / 524288)));
}
