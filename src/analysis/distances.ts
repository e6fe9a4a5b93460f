import { DataError, ShapeError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import { inOneGo } from "./in-one-go.ts";
import { checkMatrix, largestMagnitude, type Matrix } from "./matrix.ts";

/** Distances between all pairs of samples: symmetric, 0 on the diagonal. */
export interface Distances {
  /** Number of samples. */
  readonly count: number;
  /** [count, count], row-major. */
  readonly values: Float64Array;
}

/**
 * Euclidean distances between the rows of a recording: d_ij = |x_i - x_j|, in the unit of the recording.
 *
 * Differences are squared and summed in double precision, not taken from |x_i|^2 + |x_j|^2 - 2 x_i . x_j: equal rows come
 * out at exactly 0, and an offset that all rows share costs no digits. The cost grows as samples^2 x units; 1000 samples of
 * 5120 units take a second or two.
 *
 * @param recording [samples, units]
 * @throws ShapeError or DataError as `checkMatrix` does
 */
export function pairwiseDistances(recording: Matrix): Distances {
  return inOneGo(distanceSteps(recording));
}

/** `pairwiseDistances` in steps of two samples, between which something else can be done. */
export function* distanceSteps(recording: Matrix): Generator<void, Distances> {
  checkMatrix(recording, "recording");
  const {
    shape: [count, units],
    data,
  } = recording;
  // The largest magnitude goes first, so that squares neither overflow nor vanish.
  const scale = largestMagnitude(data) || 1;
  const scaled = Float64Array.from(data, (value) => value / scale);
  const values = new Float64Array(count * count);
  const keep = (i: number, j: number, squares: number) => {
    const distance = scale * Math.sqrt(squares);
    values[i * count + j] = distance;
    values[j * count + i] = distance;
  };
  // Two rows against two at a time, which reads each value half as often. Of an odd number the last row counts double.
  for (let i = 0; i < count; i += 2) {
    yield;
    const nextI = Math.min(i + 1, count - 1);
    for (let j = i; j < count; j += 2) {
      const nextJ = Math.min(j + 1, count - 1);
      const [startI, startNextI, startJ, startNextJ] = [i * units, nextI * units, j * units, nextJ * units];
      let [first, right, below, diagonal] = [0, 0, 0, 0];
      for (let unit = 0; unit < units; unit++) {
        const a = scaled[startI + unit]!;
        const b = scaled[startNextI + unit]!;
        const p = scaled[startJ + unit]!;
        const q = scaled[startNextJ + unit]!;
        first += (a - p) * (a - p);
        right += (a - q) * (a - q);
        below += (b - p) * (b - p);
        diagonal += (b - q) * (b - q);
      }
      keep(i, j, first);
      keep(i, nextJ, right);
      keep(nextI, j, below);
      keep(nextI, nextJ, diagonal);
    }
  }
  return { count, values };
}

/**
 * Lets distances pass only if there is one of every sample to every sample, and each is a finite number from 0 on.
 *
 * @param score what the message calls the quantity that needs them
 * @throws ShapeError naming both numbers; DataError naming the first pair whose distance is none
 */
export function checkDistances(score: string, { count, values }: Distances): void {
  const remedy = "make distances with pairwiseDistances";
  if (values.length !== count * count) {
    throw new ShapeError(
      `${score}: there are ${values.length} distances for ${count} samples, expected ${count} x ${count}; ${remedy}`,
    );
  }
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index]) && values[index]! >= 0) continue;
    throw new DataError(
      `${score}: the distance of sample ${Math.floor(index / count)} to ${index % count} is ${shown(values[index])}, ` +
        `expected a finite number from 0 on; ${remedy}`,
    );
  }
}
