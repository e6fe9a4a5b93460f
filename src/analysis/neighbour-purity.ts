import { UsageError } from "../kinds/errors.ts";
import { checkDistances, type Distances } from "./distances.ts";
import { checkLabels } from "./labels.ts";

/**
 * Purity of neighbourhoods: the share of a sample's nearest neighbours, itself excluded, that are of its class, averaged
 * over the samples. 1 where classes lie apart; with N samples, n_c of them in class c, and labels that say nothing of the
 * place it is sum_c n_c (n_c - 1) / (N (N - 1)), about a tenth for ten equal classes.
 *
 * Where several samples are equally far and not all of them can be among the neighbours, each counts for an equal part, so
 * that the order of the samples does not matter.
 *
 * @param distances of `pairwiseDistances`
 * @param labels class of each sample, [samples], any finite numbers
 * @param neighbours how many, at least 1 and fewer than the samples
 * @returns from 0 to 1
 * @throws ShapeError where there is not one label a sample; as `checkDistances` does
 * @throws DataError naming a label or distance that is none
 * @throws UsageError where there are not so many neighbours
 */
export function neighbourPurity(distances: Distances, labels: ArrayLike<number>, neighbours = 10): number {
  checkDistances("Neighbour purity", distances);
  checkLabels("Neighbour purity", distances, labels);
  const { count, values } = distances;
  if (!Number.isInteger(neighbours) || neighbours < 1 || neighbours >= count) {
    throw new UsageError(
      `Neighbour purity: neighbours is ${neighbours}, expected an integer from 1 to ${count - 1}, since there are ${count} ` +
        "samples; take fewer neighbours or more samples",
    );
  }
  let total = 0;
  for (let sample = 0; sample < count; sample++) {
    const row = values.subarray(sample * count, (sample + 1) * count);
    const others = Float64Array.from({ length: count - 1 }, (_, index) => row[index < sample ? index : index + 1]!);
    const farthest = others.sort()[neighbours - 1]!;
    let [nearer, nearerOwn, tied, tiedOwn] = [0, 0, 0, 0];
    for (let other = 0; other < count; other++) {
      if (other === sample || row[other]! > farthest) continue;
      const own = labels[other] === labels[sample] ? 1 : 0;
      if (row[other]! < farthest) {
        nearer++;
        nearerOwn += own;
      } else {
        tied++;
        tiedOwn += own;
      }
    }
    total += (nearerOwn + ((neighbours - nearer) * tiedOwn) / tied) / neighbours;
  }
  return total / count;
}
