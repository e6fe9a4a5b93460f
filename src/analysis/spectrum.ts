import { DataError, ShapeError } from "../kinds/errors.ts";
import { type Eigenvalue, eigenvaluesOf } from "./eigenvalues.ts";
import { binaryUnit, checkMatrix, type Matrix } from "./matrix.ts";

/**
 * Eigenvalues of a recurrent projection's weights, which tell what activity r' = W r + input would do by itself: modes with
 * magnitude below 1 decay and those above 1 grow, complex ones turn as they do. (In continuous time, dr/dt = -r + W r,
 * it is the real part that has to be below 1.)
 *
 * Units that reach each other along connections are taken together, and each such group by itself: its eigenvalues do not
 * depend on the others, so that weights without loops have exactly 0. The cost grows as units^3; 300 units take a second.
 * Rows and columns are balanced first, so that long chains with a weak way back have their eigenvalues to many digits.
 *
 * Source: the QR algorithm, Francis 1961. What eigenvalues say of neural circuits: Rajan & Abbott 2006, Eigenvalue
 * spectra of random matrices for neural networks.
 *
 * @param weights [units, units], [post, pre]
 * @returns as many as units, the largest magnitude first; of equal ones the larger real part, then the positive
 *   imaginary part
 * @throws ShapeError where the matrix is not square; as `checkMatrix` does
 * @throws DataError naming a weight that is not finite
 */
export function spectrum(weights: Matrix): Eigenvalue[] {
  checkMatrix(weights, "weights");
  const [units, columns] = weights.shape;
  if (units !== columns) {
    throw new ShapeError(
      `Spectrum: weights have shape [${units}, ${columns}], expected as many columns as rows; take a projection from a ` +
        "population to itself",
    );
  }
  const scale = binaryUnit(weights.data);
  const found = loopsOf(weights).flatMap((group) => {
    const values = Float64Array.from(
      group.flatMap((post) => group.map((pre) => weights.data[post * units + pre]! / scale)),
    );
    const eigenvalues = eigenvaluesOf(values, group.length);
    if (eigenvalues) return eigenvalues;
    throw new DataError(
      `Spectrum: the eigenvalues of ${group.length} units were not found, expected them after a few steps each; look at ` +
        "what is special about the weights",
    );
  });
  // Adding 0 makes 0 of -0.
  return found
    .map(({ real, imaginary }) => ({ real: real * scale + 0, imaginary: imaginary * scale + 0 }))
    .sort((a, b) => magnitude(b) - magnitude(a) || b.real - a.real || b.imaginary - a.imaginary);
}

/**
 * Spectral radius of a recurrent projection's weights: the largest magnitude of their eigenvalues. Activity r' = W r
 * fades below 1 and explodes above it, in the long run; before that it may grow at any radius. Parameters and errors as
 * of `spectrum`.
 */
export function spectralRadius(weights: Matrix): number {
  return magnitude(spectrum(weights)[0]!);
}

const magnitude = ({ real, imaginary }: Eigenvalue) => Math.hypot(real, imaginary);

/** Groups of units that reach each other along connections; a unit that is on no loop is a group of its own. */
function loopsOf({ shape: [units], data }: Matrix): number[][] {
  const reached = Array.from({ length: units }, (_, unit) => reachedFrom(unit, units, data));
  const groups: number[][] = [];
  const grouped = new Uint8Array(units);
  for (let unit = 0; unit < units; unit++) {
    if (grouped[unit]) continue;
    const group = [unit];
    for (let other = unit + 1; other < units; other++)
      if (reached[unit]![other] && reached[other]![unit]) group.push(other);
    for (const member of group) grouped[member] = 1;
    groups.push(group);
  }
  return groups;
}

function reachedFrom(start: number, units: number, data: ArrayLike<number>): Uint8Array {
  const reached = new Uint8Array(units);
  const left = [start];
  for (let pre = left.pop(); pre !== undefined; pre = left.pop()) {
    for (let post = 0; post < units; post++) {
      if (reached[post] || data[post * units + pre] === 0) continue;
      reached[post] = 1;
      left.push(post);
    }
  }
  return reached;
}
