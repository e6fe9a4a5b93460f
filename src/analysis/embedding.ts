import { Matrix as DruidMatrix, TSNE } from "@saehrimnir/druidjs";
import { UsageError } from "../compute/errors.ts";
import type { Distances } from "./distances.ts";

/** How to embed. */
export interface EmbeddingOptions {
  /** Seed of the random start, an integer. */
  readonly seed: number;
  /**
   * Effective number of neighbours that a sample is kept near to: at least 1 and below the number of samples. Default 30,
   * or a third of the other samples where they are few.
   */
  readonly perplexity?: number | undefined;
  /** Steps of descent, default 500. */
  readonly iterations?: number | undefined;
}

/** The perplexity of an embedding that is not given one: 30, or a third of the other samples if that is less. */
export const usualPerplexity = (count: number): number => Math.max(1, Math.min(30, (count - 1) / 3));

/**
 * t-SNE: places samples in a plane so that near ones stay near. Distances across the plane have no unit, and those between
 * clusters mean little.
 *
 * It starts from the distances, which other scores share, not from rates or a projection of them. Exact gradients of the
 * Kullback-Leibler divergence with the momentum, gains and early exaggeration of the source; the learning rate is a tenth
 * of the number of samples and at least 10. 1000 samples take a few seconds. Deterministic for a seed on a machine.
 *
 * Source: van der Maaten & Hinton 2008, Visualizing data using t-SNE; computed by DruidJS (Cutura, Kralj & Sedlmair 2020).
 *
 * @param distances of `pairwiseDistances`; their unit does not matter
 * @returns [samples, 2], row-major, mean 0
 * @throws UsageError where perplexity or iterations are out of range
 */
export function embed({ count, values }: Distances, options: EmbeddingOptions): Float64Array {
  const { seed, perplexity = usualPerplexity(count), iterations = 500 } = options;
  if (!(perplexity >= 1 && perplexity < count)) {
    throw new UsageError(
      `Embedding: perplexity is ${perplexity}, expected from 1 to below the ${count} samples; 5 to 50 is usual`,
    );
  }
  if (!Number.isInteger(iterations) || iterations < 1) {
    throw new UsageError(`Embedding: iterations is ${iterations}, expected an integer from 1 on; 500 is usual`);
  }
  // The library searches each sample's width from 1 on, so that squares of about 1 make it independent of the unit.
  const squares = values.map((distance) => distance * distance);
  const scale = squares.reduce((sum, square) => sum + square, 0) / squares.length || 1;
  // Rows that name the samples, and a metric that looks up. Given as a matrix, distances would be copied at every step.
  const names = new DruidMatrix(count, 2, (row, column) => (column === 0 ? row : 0));
  const tsne = new TSNE(names, {
    metric: (a, b) => squares[a[0]! * count + b[0]!]! / scale,
    perplexity,
    epsilon: Math.max(10, count / 10),
    d: 2,
    seed,
  });
  return tsne.transform(iterations).values.slice();
}
