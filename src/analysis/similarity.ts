import { DataError, ShapeError } from "../kinds/errors.ts";
import { centreColumns, checkMatrix, type Matrix, squaredNormOfProduct } from "./matrix.ts";

/**
 * Linear centred kernel alignment of two recordings of the same samples: with the columns of X and Y centred,
 * CKA = |Y^T X|^2 / (|X^T X| |Y^T Y|) in Frobenius norms. 1 for recordings that differ by an orthogonal transformation
 * and a scale, 0 for recordings without linear relation.
 *
 * The cost grows as samples x units^2. Source: Kornblith, Norouzi, Lee & Hinton 2019, arXiv 1905.00414, section 3.
 *
 * @param x recording, [samples, units of x]
 * @param y recording, [samples, units of y]
 * @returns from 0 to 1
 * @throws ShapeError where the numbers of samples differ; as `checkMatrix` does
 * @throws DataError where all rows of a recording are equal, for which no alignment is defined
 */
export function linearCKA(x: Matrix, y: Matrix): number {
  checkMatrix(x, "x");
  checkMatrix(y, "y");
  const [rows] = x.shape;
  if (rows !== y.shape[0]) {
    throw new ShapeError(
      `Linear CKA: x has ${rows} rows and y has ${y.shape[0]}, expected the same samples in both; check the recordings`,
    );
  }
  const [left, right] = [centreColumns(x), centreColumns(y)];
  const own = squaredNormOfProduct(left, left, rows);
  const other = squaredNormOfProduct(right, right, rows);
  if (own === 0 || other === 0) {
    throw new DataError(
      `Linear CKA: ${own === 0 ? "x" : "y"} has no variance (all ${rows} rows are equal), expected rows that differ; ` +
        "record more than one stimulus, or look for a silent population",
    );
  }
  return Math.min(1, squaredNormOfProduct(left, right, rows) / Math.sqrt(own * other));
}
