/**
 * Weights of classes that let rare ones count as much as common ones: w_c = N / (C n_c), where n_c of the N objects are of
 * class c and C classes have any. The mean over the objects is 1, and every class has the same sum. A class without objects
 * has weight 1.
 *
 * @param labels classes of the objects, integers from 0 to classes - 1
 */
export function inverseFrequencyWeights(labels: readonly number[], classes: number): Float32Array {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  const found = counts.filter((count) => count > 0).length;
  return Float32Array.from(counts, (count) => (count > 0 ? labels.length / (found * count) : 1));
}
