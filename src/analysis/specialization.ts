import { ShapeError } from "../kinds/errors.ts";
import { binaryUnit, checkMatrix, type Matrix } from "./matrix.ts";
import { mean } from "./moments.ts";

/** How far modules keep to their own digits. */
export interface Specialization {
  /** Of each module, [modules], from -1 to 1. */
  readonly ofModules: Float64Array;
  /** Their mean. */
  readonly mean: number;
}

/**
 * Functional specialization of modules, from how well each serves each digit by some metric: for module m, of which digit m
 * is its own, (x_own - x_other) / (x_own + x_other), x_other the mean over the digits of the other modules. 1: fully
 * specialised, 0: entangled, below 0: the others' digits are served better.
 *
 * A metric below 0, such as an accuracy below chance, counts as 0: it holds no more of the digit than chance does, and a
 * ratio of values of either sign has no bounds. A module that serves no digit at all (0 / 0) scores 0. The mean of two
 * equal modules is 0 whichever digit they favour; that of more is 0 where they favour none.
 *
 * Source: Béna & Goodman 2021, arXiv 2106.02626.
 *
 * @param metric [modules, digits], as many digits as modules and at least 2; in any unit
 * @throws ShapeError where there are not as many digits as modules, or only one; as `checkMatrix` does
 * @throws DataError naming a value that is not finite
 */
export function specialization(metric: Matrix): Specialization {
  checkMatrix(metric, "metric");
  const {
    shape: [modules, digits],
    data,
  } = metric;
  if (modules !== digits || modules < 2) {
    throw new ShapeError(
      `Specialization: metric has shape [${modules}, ${digits}], expected [modules, digits] with a digit for each of at ` +
        "least 2 modules; give every module's value for every digit",
    );
  }
  // The largest value goes first, so that sums do not overflow.
  const unit = binaryUnit(data);
  const ofModules = Float64Array.from({ length: modules }, (_, module) => {
    const row = Array.from({ length: digits }, (_, digit) => Math.max(0, data[module * digits + digit]! / unit));
    const own = row[module]!;
    const other = mean(row.filter((_, digit) => digit !== module));
    return own + other === 0 ? 0 : (own - other) / (own + other);
  });
  return { ofModules, mean: mean(ofModules) };
}
