import { DataError, ShapeError } from "../kinds/errors.ts";
import { checkMatrix, largestMagnitude, type Matrix } from "./matrix.ts";
import { mean } from "./moments.ts";
import { pairedTTest, type TwoSampleTest } from "./two-sample-test.ts";

/** Rates of the same units in two conditions. */
export interface AttentionRecordings {
  /** [samples, units]. */
  readonly attended: Matrix;
  /** [samples, units], of any number of samples. */
  readonly unattended: Matrix;
}

/** What attention did to the activity of a population. */
export interface Modulation {
  /** Change of the population's mean activity, percent. */
  readonly percent: number;
  /** Mean over the active units of the change of each, percent. */
  readonly percentOfUnits: number;
  /** How many units are active without attention. */
  readonly active: number;
  /** Paired t-test of the activities of the units that are active in either condition; `difference` is in the unit of the rates. */
  readonly test: TwoSampleTest;
}

/** A unit is active if its activity is at least this share of the most active one's. */
const activeFrom = 0.01;

/**
 * Percent modulation by attention. The activity of a unit in a condition is the mean magnitude of its rates over the
 * samples, a attended and u unattended; for rates that are never negative it is the mean rate.
 *
 * _Of the population_: 100 (sum_i a_i - sum_i u_i) / sum_i u_i. Silent units change nothing, and no unit's u alone is
 * divided by, so that it is safe where some are near 0. _Of its units_: the mean of 100 (a_i - u_i) / u_i over units whose
 * u_i is at least 1 % of the largest, since the ratio means nothing of a unit that is silent without attention. The first weighs
 * units by their activity, the second alike.
 *
 * @throws ShapeError where the numbers of units differ; as `checkMatrix` does
 * @throws DataError where every unit is silent without attention, for which no ratio is defined, or naming a rate that is not
 * finite
 */
export function modulation({ attended, unattended }: AttentionRecordings): Modulation {
  checkMatrix(attended, "attended");
  checkMatrix(unattended, "unattended");
  if (attended.shape[1] !== unattended.shape[1]) {
    throw new ShapeError(
      `Modulation: attended has ${attended.shape[1]} units and unattended ${unattended.shape[1]}, expected the same units ` +
        "in both; check the recordings",
    );
  }
  const [a, u] = [activities(attended), activities(unattended)];
  const largest = largestMagnitude(u);
  if (largest === 0) {
    throw new DataError(
      `Modulation: all ${u.length} units are silent in unattended, expected activity to compare with; ` +
        "show stronger stimuli, or look for a silent population",
    );
  }
  const units = u.map((activity, unit) => ({ attended: a[unit]!, unattended: activity }));
  const active = units.filter(({ unattended }) => unattended >= activeFrom * largest);
  const either = units.filter(({ attended, unattended }) => attended > 0 || unattended > 0);
  return {
    percent: percentChange(mean(a), mean(u)),
    percentOfUnits: mean(active.map(({ attended, unattended }) => percentChange(attended, unattended))),
    active: active.length,
    test: pairedTTest(
      either.map(({ attended }) => attended),
      either.map(({ unattended }) => unattended),
    ),
  };
}

const percentChange = (attended: number, unattended: number) => (100 * (attended - unattended)) / unattended;

/** Mean magnitude of each unit's rates, [units]. */
function activities({ shape: [samples, units], data }: Matrix): number[] {
  const sums = new Float64Array(units);
  for (let index = 0; index < data.length; index++) sums[index % units]! += Math.abs(data[index]!);
  return Array.from(sums, (sum) => sum / samples);
}
