import { DataError, ShapeError } from "../kinds/errors.ts";
import { centreColumns, checkMatrix, type Matrix } from "./matrix.ts";
import { mean } from "./moments.ts";

/**
 * Pearson correlation of each row of a recording with its partner's row, over the columns:
 * r_i = sum_k (s_ik - m_i)(s_jk - m_j) / (|s_i - m_i| |s_j - m_j|), j = partners[i], m_i the mean of row i.
 *
 * @param states recording, [samples, units]
 * @param partners row that each row is paired with, [samples], integers from 0 to samples - 1
 * @returns [samples], from -1 to 1
 * @throws ShapeError where partners are too few, too many, or no rows; as `checkMatrix` does
 * @throws DataError naming a row without variance, for which no correlation is defined
 */
export function pairCorrelations(states: Matrix, partners: ArrayLike<number>): Float64Array {
  checkMatrix(states, "states");
  const [rows, columns] = states.shape;
  checkPartners(partners, rows);
  const directions = Array.from({ length: rows }, (_, row) => direction(states.data, row, columns));
  return Float64Array.from(directions, (own, row) => {
    const other = directions[partners[row]!]!;
    let product = 0;
    for (let column = 0; column < columns; column++) product += own[column]! * other[column]!;
    // Rounding can carry a perfect correlation past 1.
    return Math.min(1, Math.max(-1, product));
  });
}

/**
 * Mean over the rows of `pairCorrelations`; the same parameters and errors.
 *
 * Source: the correlation metric of Béna & Goodman 2021, arXiv 2106.02626, is built from such means.
 */
export function meanCorrelation(states: Matrix, partners: ArrayLike<number>): number {
  return mean(pairCorrelations(states, partners));
}

/** A row without its mean, at length 1. */
function direction(data: ArrayLike<number>, row: number, columns: number): Float64Array {
  const values = Float64Array.from({ length: columns }, (_, column) => data[row * columns + column]!);
  const centred = centreColumns({ shape: [columns, 1], data: values });
  const length = Math.sqrt(centred.reduce((total, value) => total + value * value, 0));
  if (length === 0) {
    throw new DataError(
      `Correlation of states: row ${row} has no variance (all ${columns} values are ${values[0]}), expected values that ` +
        "differ; leave out samples for which every unit has the same rate",
    );
  }
  return centred.map((value) => value / length);
}

function checkPartners(partners: ArrayLike<number>, rows: number): void {
  if (partners.length !== rows) {
    throw new ShapeError(
      `Correlation of states: ${partners.length} partners for ${rows} rows, expected one a row; check the permutation`,
    );
  }
  for (let row = 0; row < rows; row++) {
    const partner = partners[row]!;
    if (Number.isInteger(partner) && partner >= 0 && partner < rows) continue;
    throw new ShapeError(
      `Correlation of states: the partner of row ${row} is ${partner}, expected an integer from 0 to ${rows - 1}; ` +
        "count rows from 0",
    );
  }
}
