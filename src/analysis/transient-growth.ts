import { DataError, firstLine, ShapeError, UsageError } from "../kinds/errors.ts";
import { eigenvaluesOf } from "./eigenvalues.ts";
import { checkMatrix, type Matrix } from "./matrix.ts";

/**
 * How far activity of a linear recurrent circuit can grow before it decays: of dr/dt = -r + W r, with time in time
 * constants, the largest |r(t)| that any start with |r(0)| = 1 leads to, G(t) = |exp((W - I) t)| in spectral norm.
 *
 * Of normal weights (symmetric ones, rotations) it is exp((a - 1) t), a the largest real part of the eigenvalues, and
 * never above 1 where the circuit is stable. Excitation and inhibition that balance each other, and chains, are far
 * from normal: they amplify what comes in by much before it decays, at any spectral radius.
 *
 * Sources: Murphy & Miller 2009, Balanced amplification; Goldman 2009, Memory without feedback in a neural network. The
 * exponential is computed by mathjs, which is loaded at the first call; 100 units take a fifth of a second for each time.
 *
 * @param weights [units, units], [post, pre]
 * @param times t, at least one, from 0 on, in time constants
 * @returns G of each time; 1 at t = 0
 * @throws ShapeError where the matrix is not square; as `checkMatrix` does
 * @throws UsageError naming a time that is none
 * @throws DataError naming a weight that is not finite, or a time for which the growth is beyond what numbers hold
 */
export async function transientGrowth(weights: Matrix, times: ArrayLike<number>): Promise<Float64Array> {
  checkMatrix(weights, "weights");
  const [units, columns] = weights.shape;
  if (units !== columns) {
    throw new ShapeError(
      `Transient growth: weights have shape [${units}, ${columns}], expected as many columns as rows; take a projection ` +
        "from a population to itself",
    );
  }
  checkTimes(times);
  const exponential = await loadExponential();
  return Float64Array.from(times, (time) => {
    const rates = Array.from({ length: units }, (_, post) =>
      Array.from({ length: units }, (_, pre) => time * (weights.data[post * units + pre]! - (post === pre ? 1 : 0))),
    );
    return spectralNorm(exponential(rates, time), units, time);
  });
}

function checkTimes(times: ArrayLike<number>): void {
  if (times.length === 0)
    throw new UsageError("Transient growth: there are 0 times, expected at least 1; 0 to 10 are usual");
  for (let index = 0; index < times.length; index++) {
    if (Number.isFinite(times[index]) && times[index]! >= 0) continue;
    throw new UsageError(
      `Transient growth: time ${index} is ${times[index]}, expected a finite number from 0 on; give times in time constants`,
    );
  }
}

async function loadExponential(): Promise<(values: number[][], time: number) => number[][]> {
  const { matrixExponential } = await import("./matrix-exponential.ts");
  const exponential = matrixExponential();
  return (values, time) => {
    try {
      return exponential(values);
    } catch (cause) {
      throw beyond(time, firstLine(cause));
    }
  };
}

/** The root of the largest eigenvalue of P^T P. */
function spectralNorm(propagator: readonly (readonly number[])[], units: number, time: number): number {
  const largest = Math.max(...propagator.flat().map(Math.abs));
  if (!Number.isFinite(largest)) throw beyond(time, "values that are not finite");
  if (largest === 0) return 0;
  const squares = new Float64Array(units * units);
  for (let one = 0; one < units; one++)
    for (let other = 0; other < units; other++) {
      let sum = 0;
      for (const row of propagator) sum += (row[one]! / largest) * (row[other]! / largest);
      squares[one * units + other] = sum;
    }
  const eigenvalues = eigenvaluesOf(squares, units);
  if (eigenvalues === undefined) throw beyond(time, "no eigenvalues");
  return largest * Math.sqrt(Math.max(...eigenvalues.map(({ real }) => real)));
}

const beyond = (time: number, found: string) =>
  new DataError(
    `Transient growth: the propagator at time ${time} cannot be computed (${found}), expected numbers of ordinary size; take ` +
      "shorter times or smaller weights",
  );
