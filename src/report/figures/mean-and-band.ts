import { spread } from "../spread.ts";

/** Mean of a quantity over seeds and 1 SD to either side; null, which Vega leaves out, for what has no number. */
export interface MeanAndBand {
  mean: number | null;
  /** Ends of the band; null where fewer than two seeds have a number. */
  low: number | null;
  high: number | null;
}

/** Six digits, so that specifications say 1.87 and not 1.8700000000000003; null for what is not finite. */
export function tidy(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

export function meanAndBand(values: readonly (number | null)[]): MeanAndBand {
  const { mean, deviation, count } = spread(values);
  const half = count > 1 ? deviation : Number.NaN;
  return { mean: tidy(mean), low: tidy(mean - half), high: tidy(mean + half) };
}
