/** Both ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** Of the standard normal distribution: 95 % of it lies within plus and minus this value. */
const QUANTILE = 1.959963984540054;

/**
 * Confidence interval of 95 % for a probability from the share of trials with some outcome. The trials must be independent.
 * It lies within 0 and 1, also for shares of 0 and 1, where the usual +-1.96 standard errors would be empty.
 *
 *   (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)
 *
 * Source: Wilson 1927, J. Am. Stat. Assoc. 22, 209-212; recommended by Brown, Cai & DasGupta 2001, Stat. Sci. 16, 101-133.
 *
 * @param share of the trials, 0 to 1
 * @param trials how many, at least 1
 * @returns undefined where the share is no number of that range, or there is no trial
 */
export function wilsonInterval(share: number, trials: number): Interval | undefined {
  if (!(share >= 0 && share <= 1) || !(trials >= 1)) return undefined;
  const square = QUANTILE ** 2;
  const middle = share + square / (2 * trials);
  const half = QUANTILE * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials ** 2));
  const whole = 1 + square / trials;
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
}
