// The build of mathjs for plain numbers has the same functions and loads in half the time of the whole.
import { mean, std } from "mathjs/number";

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
  // Equal values are equal: a mean that rounds would give them a deviation of 1e-17.
  if (finite.every((value) => value === finite[0])) return { mean: finite[0] as number, deviation: 0, count, lost };
  // Called with the values alone, mathjs returns a number; its declared type covers matrices too.
  return { mean: mean(finite), deviation: Number(std(finite)), count, lost };
}
