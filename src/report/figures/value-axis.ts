/** Spread of the positive values from which on a linear axis would press the small ones flat. */
const LOG_FROM = 15;
/** How far a logarithmic axis goes from the median: a loss on its way to infinity must not squeeze all the others. */
const REACH = 1e4;
/** Smaller values are taken for 0: rates and losses are of single precision, which holds none below 1e-38 in full. */
const LEAST = 1e-36;
const STEPS = [1, 2, 5];

/** How a measured quantity is laid along an axis. */
export interface ValueAxis {
  scale: { type: "linear" | "log"; domain: [number, number]; nice: boolean };
  /** Where ticks are; a linear axis finds its own. */
  ticks?: number[];
  /** Where a value is drawn: at itself, or on the edge of an axis that does not reach it, as a logarithmic one 0. */
  place(value: number): number;
  /** Whether some value is drawn on the edge. */
  clamped: boolean;
}

/**
 * Chooses a linear axis from 0, or a logarithmic one where values (none negative) span more than a factor of 15.
 * Values below 1e-36 are taken for 0.
 */
export function valueAxis(values: readonly number[]): ValueAxis {
  const finite = values.filter((value) => Number.isFinite(value));
  const positive = finite.filter((value) => value >= LEAST).sort((a, b) => a - b);
  const median = positive[positive.length >> 1] ?? 1;
  const [smallest, largest] = [positive[0] ?? 1, positive.at(-1) ?? 1];
  if (largest / smallest <= LOG_FROM) {
    const domain: [number, number] = [0, positive.length ? largest : 1];
    return { scale: { type: "linear", domain, nice: true }, place: (value) => Math.max(0, value), clamped: false };
  }
  const series = oneTwoFive(Math.max(smallest, median / REACH), Math.min(largest, median * REACH));
  // A step more below the smallest value, so that 0 is not taken for it.
  if (positive.length < finite.length)
    series.unshift(oneTwoFive((series[0] as number) * 0.4, series[0] as number)[0] as number);
  const [low, high] = [series[0] as number, series.at(-1) as number];
  return {
    scale: { type: "log", domain: [low, high], nice: false },
    ticks: thinned(series),
    place: (value) => Math.min(high, Math.max(low, value)),
    clamped: finite.some((value) => value < low || value > high),
  };
}

/** How many times as far as the best value an axis reaches from the median towards the worst. */
const WORST = 4;

/**
 * Chooses a linear axis for values of either sign, of which more is better. It holds 0, and leaves out the worst ones where
 * they would press the others flat.
 */
export function signedAxis(values: readonly number[]): ValueAxis {
  const finite = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const [least, median, best] = [finite[0] ?? 0, finite[finite.length >> 1] ?? 0, finite.at(-1) ?? 1];
  const low = Math.min(0, best > median ? Math.max(least, median - WORST * (best - median)) : least);
  const high = Math.max(0, best);
  const domain: [number, number] = low < high ? [low, high] : [low, low + 1];
  return {
    scale: { type: "linear", domain, nice: true },
    place: (value) => Math.max(low, value),
    clamped: finite.some((value) => value < low),
  };
}

/** The numbers 1, 2, 5, 10, 20, ... from the last one at or below `low` to the first at or above `high`. */
function oneTwoFive(low: number, high: number): number[] {
  const series: number[] = [];
  const lastExponent = Math.ceil(Math.log10(high)) + 1;
  for (let exponent = Math.floor(Math.log10(low)) - 1; exponent <= lastExponent; exponent++) {
    for (const step of STEPS) {
      // Through text, since 10 ** -2 * 5 is not 0.05.
      const value = Number(`${step}e${exponent}`);
      if (value <= low) series.length = 0;
      if ((series.at(-1) ?? 0) < high) series.push(value);
    }
  }
  return series;
}

/** As many of the ticks as can be told apart: all of them, else powers of ten, else every nth power. */
function thinned(series: readonly number[]): number[] {
  if (series.length <= 9) return [...series];
  const powers = series.filter((value) => value.toExponential().startsWith("1e"));
  const every = Math.ceil(powers.length / 8);
  return powers.filter((_, index) => index % every === 0);
}
