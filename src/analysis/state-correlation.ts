import type { RandomStream } from "../compute/random.ts";
import { DataError } from "../kinds/errors.ts";
import { meanCorrelation } from "./correlation.ts";
import { checkLabels } from "./labels.ts";
import type { Matrix } from "./matrix.ts";

/** States of a module while it saw stimuli of several digits. */
export interface ModuleStates {
  /** [samples, units], at one time step. */
  readonly states: Matrix;
  /** For each digit of the stimuli, what it was in each sample: [digits] of [samples], any finite numbers. */
  readonly digits: readonly ArrayLike<number>[];
  /** Draws the pairs. */
  readonly random: RandomStream;
}

/** Unrelated pairs whose correlation is this near to 1 differ by rounding alone. */
const rounding = 1e-12;

/**
 * How much a module's state tells of each digit, by correlation: with r_d the mean Pearson correlation (across units) of
 * the states of two samples that share digit d, and r_0 that of unrelated pairs, (r_d - r_0) / (1 - r_0). About 1 where
 * the state follows digit d alone, about 0 where it does not depend on it, and no more than 1.
 *
 * Every sample is once the first and once the second of a pair, with a partner that is not itself: samples that may be
 * paired are brought into a random order and each takes the next. For r_d they are those that share digit d, so that the
 * other digits are shuffled; for r_0 all, whatever they share, so that chance agreement of the other digits is the same
 * in both and takes nothing away from 0. A module whose state is the same for all samples (r_0 = 1) scores 0.
 *
 * Source: Béna & Goodman 2021, arXiv 2106.02626, the correlation metric.
 *
 * @returns [digits]; a row of the metric that `specialization` takes
 * @throws ShapeError where a digit has not one label a sample; as `pairCorrelations` does
 * @throws DataError naming what a digit was in a single sample, which has no partner, or a label that is not finite; as
 *   `pairCorrelations` does
 */
export function stateCorrelations({ states, digits, random }: ModuleStates): Float64Array {
  const count = states.shape[0];
  digits.forEach((labels, digit) => {
    checkLabels(`State correlation of digit ${digit}`, { count }, labels);
    checkPartners(labels, digit);
  });
  const unrelated = meanCorrelation(states, partnersWithin([Array.from({ length: count }, (_, row) => row)], random));
  return Float64Array.from(digits, (labels) => {
    const sharing = meanCorrelation(states, partnersWithin([...samplesByLabel(labels).values()], random));
    return 1 - unrelated < rounding ? 0 : (sharing - unrelated) / (1 - unrelated);
  });
}

/** The partner of each sample, drawn from its group: the next in a random order, the first for the last. */
function partnersWithin(groups: readonly (readonly number[])[], random: RandomStream): Uint32Array {
  const partners = new Uint32Array(groups.reduce((sum, group) => sum + group.length, 0));
  for (const group of groups) {
    const order = random.permutation(group.length);
    order.forEach((place, index) => {
      partners[group[place]!] = group[order[(index + 1) % order.length]!]!;
    });
  }
  return partners;
}

function samplesByLabel(labels: ArrayLike<number>): Map<number, number[]> {
  const samples = new Map<number, number[]>();
  Array.from(labels).forEach((label, sample) => {
    const group = samples.get(label);
    if (group) group.push(sample);
    else samples.set(label, [sample]);
  });
  return samples;
}

function checkPartners(labels: ArrayLike<number>, digit: number): void {
  for (const [label, samples] of samplesByLabel(labels)) {
    if (samples.length > 1) continue;
    throw new DataError(
      `State correlation of digit ${digit}: label ${label} has 1 sample (${samples[0]}), expected at least 2 to pair; ` +
        "take more samples, or leave that one out",
    );
  }
}
