import type { RandomStream } from "../../compute/random.ts";

/**
 * Gating vectors t in {-1, +1}^K of vector units, [dimension, units] row-major: random for even units, and for each odd
 * unit the opposite of the unit before it, so that of such a pair exactly one passes any given drive.
 * Source: Clark, Abbott & Chung 2021, section 4.
 */
export function gatingVectors(units: number, dimension: number, random: RandomStream): Float32Array {
  const vectors = new Float32Array(dimension * units);
  for (let unit = 0; unit < units; unit++)
    for (let k = 0; k < dimension; k++)
      vectors[k * units + unit] = unit % 2 === 0 ? (random.uniform() < 0.5 ? -1 : 1) : -vectors[k * units + unit - 1]!;
  return vectors;
}
