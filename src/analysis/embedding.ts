import { Matrix as DruidMatrix, TSNE } from "@saehrimnir/druidjs";
import { UsageError } from "../kinds/errors.ts";
import { checkDistances, type Distances } from "./distances.ts";
import { inOneGo } from "./in-one-go.ts";
import { binaryUnit } from "./matrix.ts";

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
 * @throws ShapeError or DataError as `checkDistances` does
 * @throws UsageError where perplexity or iterations are out of range
 */
export function embed(distances: Distances, options: EmbeddingOptions): Float64Array {
  return inOneGo(embeddingSteps(distances, options));
}

/** `embed` in steps of its descent, between which something else can be done. */
export function* embeddingSteps(distances: Distances, options: EmbeddingOptions): Generator<void, Float64Array> {
  checkDistances("Embedding", distances);
  const { count, values } = distances;
  const { seed, perplexity = usualPerplexity(count), iterations = 500 } = options;
  if (!(perplexity >= 1 && perplexity < count)) {
    throw new UsageError(
      `Embedding: perplexity is ${perplexity}, expected from 1 to below the ${count} samples; 5 to 50 is usual`,
    );
  }
  if (!Number.isInteger(iterations) || iterations < 1) {
    throw new UsageError(`Embedding: iterations is ${iterations}, expected an integer from 1 on; 500 is usual`);
  }
  const tsne = new DistanceEmbedding(nearestAtZero(count, values), {
    metric: "precomputed",
    perplexity,
    epsilon: Math.max(10, count / 10),
    d: 2,
    seed,
  });
  for (const _ of tsne.generator(iterations)) yield;
  return (tsne.projection as DruidMatrix).values.slice();
}

/** The library's t-SNE, told that each sample is a point of the plane: it takes a row of distances for a point otherwise. */
class DistanceEmbedding extends TSNE<DruidMatrix> {
  override init(): this {
    // The state of the descent is samples x this, and is copied at every step.
    this._D = 2;
    return super.init();
  }
}

/**
 * Squared distances in units of their mean, less those to each sample's nearest neighbour. Affinities, which are
 * exp(-b d^2) in proportion, do not change with it, and those of the nearest never vanish: the library's search for b may
 * raise it without end where more neighbours than the perplexity are equally far.
 */
function nearestAtZero(count: number, values: Float64Array): DruidMatrix {
  const unit = binaryUnit(values);
  const squares = values.map((distance) => (distance / unit) ** 2);
  const scale = squares.reduce((sum, square) => sum + square, 0) / squares.length || 1;
  const nearest = Float64Array.from({ length: count }, (_, sample) => {
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < count; other++)
      if (other !== sample) least = Math.min(least, squares[sample * count + other]!);
    return least;
  });
  return new DruidMatrix(count, count, (sample, other) =>
    sample === other ? 0 : (squares[sample * count + other]! - nearest[sample]!) / scale,
  );
}
