import { DataError, ShapeError, UsageError } from "../kinds/errors.ts";
import { checkLabels } from "./labels.ts";
import { checkMatrix, largestMagnitude, type Matrix } from "./matrix.ts";

/** A graph and a division of its units into modules. */
export interface PartitionedGraph {
  /**
   * [units, units], adjacency[i][j] the weight of the edge i -> j, 0 where there is none, never negative. Weights of
   * projections are [post, pre], the transpose; Q is the same of both.
   */
  readonly adjacency: Matrix;
  /** Module of each unit, [units], any finite numbers. */
  readonly labels: ArrayLike<number>;
  /** Default true. If false, adjacency[i][j] = adjacency[j][i] is the weight of one edge between i and j. */
  readonly directed?: boolean | undefined;
}

/**
 * Newman's modularity of a weighted graph: the share of the weight inside modules, less what it would be if every unit
 * kept its strengths but chose its partners at random. With W the sum of all weights, of which module c has w_c inside,
 * out_c leaving its units and in_c arriving at them (those inside included),
 * Q = sum_c (w_c / W - out_c in_c / W^2).
 *
 * In an undirected graph an edge has two ends, and those of a self-connection are at one unit: before the same sum, weights
 * on the diagonal count twice. Without self-connections a symmetric adjacency has one Q, directed or not.
 *
 * Source: Leicht & Newman 2008, Community structure in directed networks; undirected: Newman 2006, Modularity and
 * community structure in networks.
 *
 * @returns from -1/2 to 1; 0 for a single module, and for a graph without edges, which says nothing of its units
 * @throws ShapeError where the adjacency is not square or there is not one label a unit; as `checkMatrix` does
 * @throws DataError naming a weight that is negative or not finite, an undirected edge with two weights, or a label that is
 *   not finite
 */
export function modularity({ adjacency, labels, directed = true }: PartitionedGraph): number {
  checkAdjacency(adjacency, directed);
  const {
    shape: [units],
    data,
  } = adjacency;
  checkLabels("Modularity", { count: units }, labels, "unit");
  const names = [...new Set(Array.from(labels))];
  const moduleOf = Array.from(labels, (label) => names.indexOf(label));
  const [inside, leaving, arriving] = [0, 1, 2].map(() => new Float64Array(names.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  // The largest weight goes first, so that sums do not overflow.
  const scale = largestMagnitude(data) || 1;
  let total = 0;
  for (let from = 0; from < units; from++)
    for (let to = 0; to < units; to++) {
      const ends = !directed && from === to ? 2 : 1;
      const weight = (ends * data[from * units + to]!) / scale;
      total += weight;
      leaving[moduleOf[from]!]! += weight;
      arriving[moduleOf[to]!]! += weight;
      if (moduleOf[from] === moduleOf[to]) inside[moduleOf[from]!]! += weight;
    }
  if (total === 0) return 0;
  let q = 0;
  for (let module = 0; module < names.length; module++)
    q += inside[module]! / total - (leaving[module]! / total) * (arriving[module]! / total);
  return q;
}

/**
 * Modularity of n equal modules that are full inside, self-connections included, when a share p of the possible connections
 * exists from each module to each other: Q = 1 / (1 + (n - 1) p) - 1 / n. Of two modules it is (1 - p) / (2 (1 + p)).
 *
 * Source: Béna & Goodman 2021, arXiv 2106.02626, whose structural measure it is, for two modules.
 *
 * @param modules n, at least 1
 * @param density p, from 0 to 1
 * @returns from 0 (p = 1) to 1 - 1 / n (p = 0)
 * @throws UsageError where modules or density are out of range
 */
export function modularityOfModules(modules: number, density: number): number {
  if (!Number.isInteger(modules) || modules < 1) {
    throw new UsageError(`Modularity: modules is ${modules}, expected an integer from 1 on; 2 is usual`);
  }
  if (!(density >= 0 && density <= 1)) {
    throw new UsageError(
      `Modularity: density is ${density}, expected from 0 to 1; give the share of the possible connections that exist`,
    );
  }
  return 1 / (1 + (modules - 1) * density) - 1 / modules;
}

function checkAdjacency(adjacency: Matrix, directed: boolean): void {
  checkMatrix(adjacency, "adjacency");
  const {
    shape: [rows, columns],
    data,
  } = adjacency;
  if (rows !== columns) {
    throw new ShapeError(
      `Modularity: adjacency has shape [${rows}, ${columns}], expected as many columns as rows; give every unit both`,
    );
  }
  for (let from = 0; from < rows; from++)
    for (let to = 0; to < rows; to++) {
      const [weight, back] = [data[from * rows + to]!, data[to * rows + from]!];
      if (weight < 0) {
        throw new DataError(
          `Modularity: the edge ${from} -> ${to} has weight ${weight}, expected none below 0; take magnitudes, or 1 for ` +
            "every connection",
        );
      }
      if (!directed && weight !== back) {
        throw new DataError(
          `Modularity: the undirected edge between ${from} and ${to} has the weights ${weight} and ${back}, expected ` +
            "the same in both places; average them, or take the graph as directed",
        );
      }
    }
}
