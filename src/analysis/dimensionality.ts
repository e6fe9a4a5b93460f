import { DataError } from "../kinds/errors.ts";
import { centreColumns, checkMatrix, type Matrix, squaredNormOfProduct } from "./matrix.ts";

/**
 * Participation ratio, the number of dimensions that a population's activity fills: with C the covariance of the units
 * and l_i its eigenvalues, PR = (sum_i l_i)^2 / sum_i l_i^2 = (tr C)^2 / tr(C^2). From 1 (all variance along one line) to
 * the number of units (equal variance in every direction).
 *
 * The cost grows as samples x units^2. Source: Gao, Trautmann, Yu, Santhanam, Ryu, Shenoy & Ganguli 2017, A theory of
 * multineuronal dimensionality, dynamics and measurement, bioRxiv 214262.
 *
 * @param x recording, [samples, units]
 * @throws ShapeError as `checkMatrix` does
 * @throws DataError where all rows are equal, for which no ratio is defined
 */
export function participationRatio(x: Matrix): number {
  checkMatrix(x, "x");
  const [rows] = x.shape;
  const centred = centreColumns(x);
  const trace = centred.reduce((total, value) => total + value * value, 0);
  if (trace === 0) {
    throw new DataError(
      `Participation ratio: x has no variance (all ${rows} rows are equal), expected rows that differ; ` +
        "record more than one stimulus, or look for a silent population",
    );
  }
  return Math.max(1, trace ** 2 / squaredNormOfProduct(centred, centred, rows));
}
