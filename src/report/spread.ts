import { mean, standardDeviation } from "../analysis/moments.ts";

/** What seeds agree on, and how far they lie apart. */
export interface Spread {
  /** Arithmetic mean; NaN where no value is finite. */
  mean: number;
  /** Sample standard deviation, n - 1 in the denominator; 0 for a single value, NaN for none. */
  deviation: number;
  /** Values that went into both. */
  count: number;
  /** Values that did not, because they are not finite or not defined. */
  lost: number;
}

/** Mean and standard deviation of the finite values, which are counted; a lost one does not make the mean NaN. */
export function spread(values: readonly (number | null)[]): Spread {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  const [count, lost] = [finite.length, values.length - finite.length];
  if (count === 0) return { mean: Number.NaN, deviation: Number.NaN, count, lost };
  return { mean: mean(finite), deviation: standardDeviation(finite), count, lost };
}
