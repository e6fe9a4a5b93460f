/** A quantity of a case as computed and as the case expects it. */
export interface Compared {
  readonly got: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
  /** Largest relative difference that passes; default `tolerance`. */
  readonly tolerance?: number;
}

/** Largest difference that passes, of a tensor's largest magnitude. */
export const tolerance = 1e-4;

/** Quantities by name: "output", "bp weight 2". */
export type Quantities = Readonly<Record<string, Compared>>;

/** Largest difference, relative to the largest magnitude expected (absolute where that is 0); NaN counts as infinite. */
export function relativeDifference({ got, expected }: Compared): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let at = 0; at < expected.length; at++) {
    const apart = Math.abs(got[at]! - expected[at]!);
    if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, apart);
    largest = Math.max(largest, Math.abs(expected[at]!));
  }
  return difference / (largest || 1);
}

/** The quantity that is farthest off, by how much, and what would pass. */
export function farthest(quantities: Quantities): { quantity: string; difference: number; tolerance: number } {
  const differences = Object.entries(quantities).map(([quantity, compared]) => ({
    quantity,
    difference: relativeDifference(compared),
    tolerance: compared.tolerance ?? tolerance,
  }));
  if (differences.length === 0) throw new Error("a case must compare at least one quantity");
  const excess = (each: (typeof differences)[number]) => each.difference / each.tolerance;
  return differences.reduce((worst, next) => (excess(next) > excess(worst) ? next : worst));
}
