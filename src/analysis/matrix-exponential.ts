import { create, expmDependencies, matrixDependencies } from "mathjs";

/**
 * The exponential of a square matrix, by rows.
 *
 * The module is imported on demand: mathjs takes half a second to load. It names the functions that it takes, so that bundles leave
 * the rest of mathjs out.
 */
export function matrixExponential(): (values: number[][]) => number[][] {
  const { expm, matrix } = create({ ...expmDependencies, ...matrixDependencies });
  return (values) => expm(matrix(values)).toArray() as number[][];
}
