import { expect } from "vitest";

/** Largest difference of two arrays, relative to the largest magnitude of the second (or to `least`). */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>, least = 1e-3): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = least;
  for (let at = 0; at < expected.length; at++) {
    // Written so that NaN counts as a difference.
    const apart = Math.abs(got[at]! - expected[at]!);
    if (!(apart <= difference)) difference = apart;
    largest = Math.max(largest, Math.abs(expected[at]!));
  }
  return difference / largest;
}

/** Equal within float32 rounding of sums in another order. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = 1e-4): void {
  expect(relativeError(got, expected), what).toBeLessThan(tolerance);
}

/**
 * Equal within float32 rounding of back-propagation: where the softmax saturates, the error is a difference of nearly
 * equal numbers, so that even a small gradient is no more exact than the rates that it was multiplied with.
 */
export function expectSameGradient(
  got: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
  largestRate: number,
  what: string,
): void {
  // A population that leads nowhere has no update, and a gradient of 0.
  expect(relativeError(got ?? new Float32Array(expected.length), expected, 0.01 * largestRate), what).toBeLessThan(
    2e-4,
  );
}

/** Largest magnitude among the rates of all populations. */
export function largestRate(rates: ReadonlyMap<string, Float32Array>): number {
  return Math.max(1, ...[...rates.values()].flatMap((array) => [...array].map(Math.abs)));
}
