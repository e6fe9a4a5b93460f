import fc from "fast-check";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { randomStream } from "../../src/compute/random.ts";

/** Samples with the class of each. */
export interface Labelled {
  readonly recording: Matrix;
  readonly labels: number[];
}

/** A handful of samples at random places, in two or three classes of which none is empty. */
export const labelled: fc.Arbitrary<Labelled> = fc
  .record({ seed: fc.nat(), extra: fc.integer({ min: 0, max: 9 }), units: fc.integer({ min: 1, max: 5 }) })
  .chain(({ seed, extra, units }) =>
    fc.integer({ min: 2, max: 3 }).map((classes) => {
      const random = randomStream(seed, "labelled");
      const count = classes + 1 + extra;
      return {
        recording: {
          shape: [count, units] as const,
          // Coarse, so that ties and equal rows come up.
          data: Array.from({ length: count * units }, () => Math.round(4 * random.normal()) / 2),
        },
        labels: Array.from({ length: count }, (_, index) => (index < classes ? index : random.integer(0, classes - 1))),
      };
    }),
  );

/** Clusters of normal samples around places 10 apart along one axis each, and the cluster of each sample. */
export function separatedClusters(options: { each: number; classes: number; spread: number; seed: number }): Labelled {
  const { each, classes, spread, seed } = options;
  const random = randomStream(seed, "clusters");
  const labels = Array.from({ length: each * classes }, (_, index) => index % classes);
  const data = labels.flatMap((label) =>
    Array.from({ length: classes }, (_, axis) => (axis === label ? 10 : 0) + spread * random.normal()),
  );
  return { recording: { shape: [labels.length, classes], data }, labels };
}

/** The samples in another order. */
export function reordered({ recording, labels }: Labelled, order: readonly number[]): Labelled {
  const [count, units] = recording.shape;
  const rows = order.map((row) => Array.from(recording.data).slice(row * units, (row + 1) * units));
  return { recording: { shape: [count, units], data: rows.flat() }, labels: order.map((row) => labels[row]!) };
}
