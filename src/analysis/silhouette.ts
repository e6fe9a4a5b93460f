import { DataError } from "../kinds/errors.ts";
import { checkDistances, type Distances } from "./distances.ts";
import { checkLabels } from "./labels.ts";
import { binaryUnit } from "./matrix.ts";

/**
 * Mean silhouette of samples in their classes. With a the mean distance of a sample to the others of its class and b the
 * smallest mean distance to another class, a sample scores (b - a) / max(a, b). The mean over the samples is 1 where every
 * class is one point, 0 where classes overlap, negative where samples lie nearer to another class. A sample that is alone
 * in its class, or at distance 0 from everything, scores 0.
 *
 * Source: Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation and validation of cluster analysis, equation 2.
 *
 * @param distances of `pairwiseDistances`
 * @param labels class of each sample, [samples], any finite numbers
 * @returns from -1 to 1
 * @throws ShapeError where there is not one label a sample; as `checkDistances` does
 * @throws DataError where there are fewer than two classes, for which no silhouette is defined; naming a label or distance
 *   that is none
 */
export function silhouette(distances: Distances, labels: ArrayLike<number>): number {
  checkDistances("Silhouette", distances);
  checkLabels("Silhouette", distances, labels);
  const { count, values } = distances;
  const classes = [...new Set(Array.from(labels))];
  if (classes.length < 2) {
    throw new DataError(
      `Silhouette: all ${count} samples have label ${classes[0]}, expected at least 2 classes; take more samples`,
    );
  }
  const classOf = Array.from(labels, (label) => classes.indexOf(label));
  const sizes = new Float64Array(classes.length);
  for (const own of classOf) sizes[own]!++;
  const sums = new Float64Array(classes.length);
  // The largest distance goes first, so that sums do not overflow.
  const unit = binaryUnit(values);
  let total = 0;
  for (let sample = 0; sample < count; sample++) {
    const own = classOf[sample]!;
    if (sizes[own] === 1) continue;
    sums.fill(0);
    for (let other = 0; other < count; other++) sums[classOf[other]!]! += values[sample * count + other]! / unit;
    const within = sums[own]! / (sizes[own]! - 1);
    let between = Number.POSITIVE_INFINITY;
    for (let other = 0; other < classes.length; other++)
      if (other !== own) between = Math.min(between, sums[other]! / sizes[other]!);
    const larger = Math.max(within, between);
    if (larger > 0) total += (between - within) / larger;
  }
  return total / count;
}
