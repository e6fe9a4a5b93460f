import type { Matrix } from "../../../analysis/matrix.ts";
import { stateCorrelations } from "../../../analysis/state-correlation.ts";
import { randomStream } from "../../../compute/random.ts";
import { DataError } from "../../../kinds/errors.ts";

/** The correlation metric, and what is to be said of it. */
interface Correlations {
  /** [module][digit]; null where there are too few trials, or rates are no finite numbers. */
  readonly correlation: (number | null)[][];
  /** What a module lacks. */
  readonly notes: { readonly module: number; readonly note: string }[];
}

/**
 * The correlation metric of every module and digit, from a random choice of the trials, without those in which all units of
 * the module have the same rate, of which no correlation is defined, and without those that show a digit that no other does.
 */
export function correlations(
  { states, digits }: { readonly states: readonly Matrix[]; readonly digits: readonly Float32Array[] },
  pairs: number,
  seed: number,
): Correlations {
  const count = states[0]!.shape[0];
  const drawn = randomStream(seed, "correlation/trials").permutation(count).subarray(0, Math.min(pairs, count));
  const notes: Correlations["notes"] = [];
  const correlation = states.map((module, index) => {
    const varied = [...drawn].filter((trial) => isVaried(module, trial));
    const chosen = withPartners(varied, digits);
    const flat = drawn.length - varied.length;
    const say = (note: string) => void notes.push({ module: index, note });
    if (flat > 0) say(`all units have the same rate in ${flat} of ${drawn.length} trials, which are left out`);
    if (varied.length > 0 && chosen.length === 0) say(`no two of ${varied.length} trials share a digit`);
    if (chosen.length === 0) return digits.map(() => null);
    try {
      return [
        ...stateCorrelations({
          states: rowsOf(module, chosen),
          digits: digits.map((values) => Float32Array.from(chosen, (trial) => values[trial]!)),
          random: randomStream(seed, `correlation/module-${index}`),
        }),
      ];
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      say(error.message);
      return digits.map(() => null);
    }
  });
  return { correlation, notes };
}

/** Whether units of a module differ in their rate in a trial. */
function isVaried({ shape: [, units], data }: Matrix, trial: number): boolean {
  const first = data[trial * units]!;
  for (let unit = 1; unit < units; unit++) if (data[trial * units + unit] !== first) return true;
  return false;
}

function rowsOf({ shape: [, units], data }: Matrix, chosen: readonly number[]): Matrix {
  const rows = new Float32Array(chosen.length * units);
  for (const [row, trial] of chosen.entries())
    for (let unit = 0; unit < units; unit++) rows[row * units + unit] = data[trial * units + unit]!;
  return { shape: [chosen.length, units], data: rows };
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
