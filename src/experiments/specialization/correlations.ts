import type { Matrix } from "../../analysis/matrix.ts";
import { stateCorrelations } from "../../analysis/state-correlation.ts";
import { randomStream } from "../../compute/random.ts";

/**
 * The correlation metric of every module and digit, from a random choice of the trials, without those that show a digit that no
 * other does; nothing where none are left, as of a handful of test trials.
 */
export function correlations(
  { states, digits }: { readonly states: readonly Matrix[]; readonly digits: readonly Float32Array[] },
  pairs: number,
  seed: number,
): { correlation?: number[][] } {
  const count = states[0]!.shape[0];
  const drawn = randomStream(seed, "correlation/trials").permutation(count).subarray(0, Math.min(pairs, count));
  const chosen = withPartners([...drawn], digits);
  if (chosen.length === 0) return {};
  const labels = digits.map((values) => Float32Array.from(chosen, (trial) => values[trial]!));
  const correlation = states.map(({ shape: [, units], data }, module) => {
    const rows = new Float32Array(chosen.length * units);
    for (const [row, trial] of chosen.entries())
      for (let unit = 0; unit < units; unit++) rows[row * units + unit] = data[trial * units + unit]!;
    const random = randomStream(seed, `correlation/module-${module}`);
    return [...stateCorrelations({ states: { shape: [chosen.length, units], data: rows }, digits: labels, random })];
  });
  return { correlation };
}

/** Trials of which each shares every one of its digits with another. */
function withPartners(trials: readonly number[], digits: readonly Float32Array[]): readonly number[] {
  const shown = digits.map((labels) => {
    const counts = new Map<number, number>();
    for (const trial of trials) counts.set(labels[trial]!, (counts.get(labels[trial]!) ?? 0) + 1);
    return counts;
  });
  const left = trials.filter((trial) => digits.every((labels, digit) => shown[digit]!.get(labels[trial]!)! > 1));
  // A trial that is left out may have been the only partner of another.
  return left.length === trials.length ? left : withPartners(left, digits);
}
