import { ShapeError } from "../kinds/errors.ts";
import { binaryUnit, checkMatrix, largestMagnitude, type Matrix } from "./matrix.ts";
import { mean } from "./moments.ts";

/** Tuning curves of the same units in two conditions: mean rates for bars at n orientations, k 180 / n degrees. */
export interface TuningCurves {
  /** [units, orientations], at least 3 orientations. */
  readonly attended: Matrix;
  /** The same, without attention. */
  readonly unattended: Matrix;
}

/** What attention did to the tuning curve of one unit. */
export interface TuningChange {
  /** Row of the unit. */
  readonly unit: number;
  /** Slope of the regression: 1 where the curve keeps its height, above 1 where it is scaled up. */
  readonly gain: number;
  /** Intercept of the regression, in the unit of the rates. */
  readonly offset: number;
  /** Degrees by which the curve moved to higher orientations, above -90 and up to 90. */
  readonly shift: number;
  /** Pearson correlation of the curves, the attended one moved back by the nearest whole step: low where the shift means little. */
  readonly correlation: number;
}

/** Changes of the units that are tuned. */
export interface TuningChanges {
  readonly tuned: readonly TuningChange[];
  /** Rows of the units that were left out because one of their curves is flat. */
  readonly untuned: readonly number[];
}

/** A curve is flat if it varies by less than this share of its largest magnitude, which float32 rates do by rounding. */
const flat = 1e-6;

/** Correlations nearer than this are equal, so that rounding does not choose among equally good shifts. */
const tie = 1e-12;

/**
 * How tuning curves change with attention, unit by unit.
 *
 * _Gain and offset_: least squares of attended = gain unattended + offset over the orientations, as they stand, not moved by
 * the shift. _Shift_: the lag at which the circular cross-correlation of the two curves (period 180 degrees) is largest,
 * refined by the vertex of the parabola through it and its neighbours; the smallest lag of equally good ones. It weighs the
 * whole curve, where a vector mean is drawn to 0 by what is not tuned and undefined for curves with two opposite peaks.
 *
 * Source of the question, and of the answer in visual cortex (the gain changes, the peak does not): McAdams & Maunsell 1999,
 * Effects of attention on orientation-tuning functions of single neurons in macaque cortical area V4.
 *
 * @throws ShapeError where the shapes differ or have fewer than 3 orientations; as `checkMatrix` does
 * @throws DataError naming a rate that is not finite
 */
export function tuningChanges({ attended, unattended }: TuningCurves): TuningChanges {
  checkCurves(attended, unattended);
  const [units, orientations] = attended.shape;
  const tuned: TuningChange[] = [];
  const untuned: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    const [a, u] = [attended, unattended].map(({ data }) =>
      Float64Array.from({ length: orientations }, (_, index) => data[unit * orientations + index]!),
    ) as [Float64Array, Float64Array];
    if (isFlat(a) || isFlat(u)) untuned.push(unit);
    else tuned.push({ unit, ...changeOf(a, u) });
  }
  return { tuned, untuned };
}

function changeOf(attended: Float64Array, unattended: Float64Array): Omit<TuningChange, "unit"> {
  const [unitAttended, unitUnattended] = [binaryUnit(attended), binaryUnit(unattended)];
  const [a, u] = [centred(attended, unitAttended), centred(unattended, unitUnattended)];
  const gain = (product(a, u, 0) / product(u, u, 0)) * (unitAttended / unitUnattended);
  const length = Math.sqrt(product(a, a, 0)) * Math.sqrt(product(u, u, 0));
  const correlations = a.map((_, lag) => product(a, u, lag) / length);
  const { lag, correlation } = bestLag(correlations);
  const degrees = (180 / a.length) * lag;
  // Refined, the largest lag may lie half a step beyond.
  const shift = degrees > 90 ? degrees - 180 : degrees;
  return { gain, offset: mean(attended) - gain * mean(unattended), shift, correlation };
}

/** Rates less their mean, in a unit in which squares neither overflow nor vanish. */
function centred(curve: Float64Array, unit: number): Float64Array {
  const rates = curve.map((rate) => rate / unit);
  const middle = mean(rates);
  return rates.map((rate) => rate - middle);
}

/** sum_k a_(k + lag) u_k around the circle. */
function product(a: Float64Array, u: Float64Array, lag: number): number {
  return u.reduce((sum, value, index) => sum + a[(index + lag) % a.length]! * value, 0);
}

/** The lag with the largest correlation, in steps and parts of a step, and the correlation at its whole step. */
function bestLag(correlations: Float64Array): { lag: number; correlation: number } {
  const count = correlations.length;
  const at = (lag: number) => correlations[(lag + count) % count]!;
  let best = 0;
  // From the centre outwards, later ones only if they are better: 0, 1, -1, 2, -2, ...
  for (let distance = 1; distance <= count / 2; distance++)
    for (const lag of [distance, -distance]) if (at(lag) > at(best) + tie) best = lag;
  const [before, peak, after] = [at(best - 1), at(best), at(best + 1)];
  const curvature = before - 2 * peak + after;
  const part = curvature < -tie ? (before - after) / (2 * curvature) : 0;
  return { lag: best + part, correlation: peak };
}

const isFlat = (curve: Float64Array) => Math.max(...curve) - Math.min(...curve) <= flat * largestMagnitude(curve);

function checkCurves(attended: Matrix, unattended: Matrix): void {
  checkMatrix(attended, "attended");
  checkMatrix(unattended, "unattended");
  const [own, other] = [attended.shape.join(", "), unattended.shape.join(", ")];
  if (own !== other) {
    throw new ShapeError(
      `Tuning: attended has shape [${own}] and unattended [${other}], expected the same units and orientations in both; ` +
        "check the recordings",
    );
  }
  if (attended.shape[1] < 3) {
    throw new ShapeError(
      `Tuning: the curves have ${attended.shape[1]} orientations, expected at least 3; show bars at more orientations`,
    );
  }
}
