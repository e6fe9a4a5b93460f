import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { modularity, modularityOfModules, type PartitionedGraph } from "../../src/analysis/modularity.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { parseCase } from "../conformance/case-file.ts";
import { relativeDifference } from "../conformance/comparison.ts";
import { checkModularity, ModularityCase } from "../conformance/modularity.ts";

/** A sparse graph with self-connections, of two to seven units in up to three modules. */
const graphs = fc.integer({ min: 2, max: 7 }).chain((units) =>
  fc.record({
    adjacency: fc
      .array(
        fc.integer({ min: -6, max: 9 }).map((drawn) => Math.max(0, drawn) / 4),
        { minLength: units ** 2, maxLength: units ** 2 },
      )
      .map((data): Matrix => ({ shape: [units, units], data })),
    labels: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: units, maxLength: units }),
  }),
);

function mapWeights({ shape, data }: Matrix, change: (weight: number, from: number, to: number) => number): Matrix {
  const [units] = shape;
  return { shape, data: Array.from(data, (weight, at) => change(weight, Math.floor(at / units), at % units)) };
}

const transposed = (adjacency: Matrix) =>
  mapWeights(adjacency, (_, from, to) => adjacency.data[to * adjacency.shape[0] + from]!);
const symmetric = (adjacency: Matrix) => {
  const back = transposed(adjacency).data;
  return mapWeights(adjacency, (weight, from, to) => weight + back[from * adjacency.shape[0] + to]!);
};
const withoutSelf = (adjacency: Matrix) => mapWeights(adjacency, (weight, from, to) => (from === to ? 0 : weight));

/** The definition, pair by pair: of Leicht & Newman, or of Newman with both ends of a self-connection in A and in k. */
function pairByPair({ adjacency, labels, directed = true }: PartitionedGraph): number {
  const { shape, data } = directed
    ? adjacency
    : mapWeights(adjacency, (weight, from, to) => (from === to ? 2 * weight : weight));
  const units = [...Array(shape[0]).keys()];
  const weight = (from: number, to: number) => data[from * units.length + to]!;
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const leaving = units.map((from) => sum(units.map((to) => weight(from, to))));
  const arriving = units.map((to) => sum(units.map((from) => weight(from, to))));
  const total = sum(leaving);
  if (total === 0) return 0;
  return sum(
    units.flatMap((from) =>
      units.map((to) =>
        labels[from] === labels[to] ? weight(from, to) / total - (leaving[from]! * arriving[to]!) / total ** 2 : 0,
      ),
    ),
  );
}

/** Modules full inside, with a given number of connections from each to each other, at random places. */
function fullModules(options: { modules: number; units: number; between: number; seed: number }): PartitionedGraph {
  const { modules, units, between, seed } = options;
  const random = randomStream(seed, "modules");
  const count = modules * units;
  const data = new Float64Array(count ** 2);
  for (let pre = 0; pre < modules; pre++)
    for (let post = 0; post < modules; post++) {
      const order = random.permutation(units ** 2);
      for (const place of pre === post ? order : order.subarray(0, between))
        data[(pre * units + Math.floor(place / units)) * count + post * units + (place % units)] = 1;
    }
  return {
    adjacency: { shape: [count, count], data },
    labels: Array.from({ length: count }, (_, unit) => Math.floor(unit / units)),
  };
}

describe("modularity", () => {
  test("is its definition, pair by pair, directed and undirected", () => {
    fc.assert(
      fc.property(graphs, ({ adjacency, labels }) => {
        expect(modularity({ adjacency, labels })).toBeCloseTo(pairByPair({ adjacency, labels }), 12);
        const undirected = { adjacency: symmetric(adjacency), labels, directed: false };
        expect(modularity(undirected)).toBeCloseTo(pairByPair(undirected), 12);
      }),
    );
  });

  test("lies in [-1/2, 1], and is 0 for one module", () => {
    fc.assert(
      fc.property(graphs, ({ adjacency, labels }) => {
        const q = modularity({ adjacency, labels });
        expect(q).toBeGreaterThanOrEqual(-0.5 - 1e-12);
        expect(q).toBeLessThanOrEqual(1);
        expect(modularity({ adjacency, labels: labels.map(() => 7) })).toBeCloseTo(0, 14);
      }),
    );
  });

  test("does not change with the names of modules, the order of units, the unit of weights and the direction of all edges", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.integer({ min: -300, max: 307 }), ({ adjacency, labels }, seed, exponent) => {
        const q = modularity({ adjacency, labels });
        expect(modularity({ adjacency, labels: labels.map((label) => 5 - 2.5 * label) })).toBe(q);
        expect(modularity({ adjacency: transposed(adjacency), labels })).toBeCloseTo(q, 12);
        const scaled = mapWeights(adjacency, (weight) => weight * 10 ** exponent);
        expect(modularity({ adjacency: scaled, labels })).toBeCloseTo(q, 12);
        const order = randomStream(seed, "order").permutation(labels.length);
        const moved = mapWeights(adjacency, (_, from, to) => adjacency.data[order[from]! * order.length + order[to]!]!);
        const movedLabels = Array.from(order, (unit) => labels[unit]!);
        expect(modularity({ adjacency: moved, labels: movedLabels })).toBeCloseTo(q, 12);
      }),
    );
  });

  test("of a symmetric graph without self-connections is the same, directed or not", () => {
    fc.assert(
      fc.property(graphs, ({ adjacency, labels }) => {
        const both = { adjacency: withoutSelf(symmetric(adjacency)), labels };
        expect(modularity({ ...both, directed: false })).toBe(modularity(both));
      }),
    );
  });

  test("of full modules with an exact count between them is 1 / (1 + (n - 1) p) - 1 / n", () => {
    const cases = fc
      .record({ modules: fc.integer({ min: 1, max: 4 }), units: fc.integer({ min: 1, max: 5 }), seed: fc.nat() })
      .chain((drawn) => fc.integer({ min: 0, max: drawn.units ** 2 }).map((between) => ({ ...drawn, between })));
    fc.assert(
      fc.property(cases, ({ modules, units, between, seed }) => {
        const q = modularity(fullModules({ modules, units, between, seed }));
        expect(q).toBeCloseTo(modularityOfModules(modules, between / units ** 2), 12);
      }),
    );
  });

  test("of the karate club, split in the two that it became, is 0.358", () => {
    // Zachary 1977; without the weights, as it is usually taken.
    const edges =
      "1-2 1-3 2-3 1-4 2-4 3-4 1-5 1-6 1-7 5-7 6-7 1-8 2-8 3-8 4-8 1-9 3-9 3-10 1-11 5-11 6-11 1-12 1-13 4-13 1-14 2-14 " +
      "3-14 4-14 6-17 7-17 1-18 2-18 1-20 2-20 1-22 2-22 24-26 25-26 3-28 24-28 25-28 3-29 24-30 27-30 2-31 9-31 1-32 " +
      "25-32 26-32 29-32 3-33 9-33 15-33 16-33 19-33 21-33 23-33 24-33 30-33 31-33 32-33 9-34 10-34 14-34 15-34 16-34 " +
      "19-34 20-34 21-34 23-34 24-34 27-34 28-34 29-34 30-34 31-34 32-34 33-34";
    const data = new Float64Array(34 ** 2);
    for (const edge of edges.split(" ")) {
      const [one, other] = edge.split("-").map((member) => Number(member) - 1) as [number, number];
      data[one * 34 + other] = data[other * 34 + one] = 1;
    }
    const instructor = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22];
    const labels = Array.from({ length: 34 }, (_, member) => Number(instructor.includes(member + 1)));
    expect(modularity({ adjacency: { shape: [34, 34], data }, labels, directed: false })).toBeCloseTo(0.3582, 4);
  });

  test("counts both ends of an undirected self-connection", () => {
    const adjacency: Matrix = { shape: [2, 2], data: [1, 1, 1, 0] };
    // A = [[2, 1], [1, 0]], of strengths 3 and 1: 2/4 - 9/16 - 1/16.
    expect(modularity({ adjacency, labels: [0, 1], directed: false })).toBeCloseTo(-1 / 8, 14);
    // Strengths 2 and 1 either way: 1/3 - 4/9 - 1/9.
    expect(modularity({ adjacency, labels: [0, 1] })).toBeCloseTo(-2 / 9, 14);
  });

  test("of weights whose sum is beyond all numbers is that of their proportions", () => {
    const data = [1.5e308, 0.5e308, 0, 1.5e308];
    const labels = [0, 1];
    const q = modularity({ adjacency: { shape: [2, 2], data: [3, 1, 0, 3] }, labels });
    expect(modularity({ adjacency: { shape: [2, 2], data }, labels })).toBeCloseTo(q, 12);
  });

  test("of a graph without edges is 0", () => {
    expect(modularity({ adjacency: { shape: [2, 2], data: [0, 0, 0, 0] }, labels: [0, 1] })).toBe(0);
  });

  test("of the reference case comes out within 1e-9", async () => {
    const fixture = new URL("../conformance/cases/modularity-weighted.json", import.meta.url);
    const reference = parseCase("modularity", ModularityCase, JSON.parse(await readFile(fixture, "utf8")));
    const quantities = Object.entries(await checkModularity(reference));
    expect(quantities.map(([name]) => name)).toEqual(["directed", "undirected"]);
    for (const [name, quantity] of quantities) expect(relativeDifference(quantity), name).toBeLessThan(1e-9);
  });

  test.each<[PartitionedGraph, typeof DataError | typeof ShapeError, string]>([
    [
      { adjacency: { shape: [2, 2], data: [0, 1, -0.5, 0] }, labels: [0, 1] },
      DataError,
      "Modularity: the edge 1 -> 0 has weight -0.5, expected none below 0; take magnitudes, or 1 for every connection",
    ],
    [
      { adjacency: { shape: [2, 2], data: [0, 1, Number.NaN, 0] }, labels: [0, 1] },
      DataError,
      "Matrix adjacency: row 1, column 0 is NaN, expected finite numbers",
    ],
    [
      { adjacency: { shape: [2, 2], data: [0, 1, 1, 0] }, labels: [0, 1, 1] },
      ShapeError,
      "Modularity: there are 3 labels for 2 units, expected one a unit; check the selection",
    ],
    [
      { adjacency: { shape: [1, 2], data: [0, 1] }, labels: [0] },
      ShapeError,
      "Modularity: adjacency has shape [1, 2], expected as many columns as rows",
    ],
    [
      { adjacency: { shape: [2, 2], data: [0, 1, 2, 0] }, labels: [0, 1], directed: false },
      DataError,
      "Modularity: the undirected edge between 0 and 1 has the weights 1 and 2, expected the same in both places; average",
    ],
  ])("a graph that is none is refused (%#)", (graph, kind, text) => {
    expect(() => modularity(graph)).toThrow(kind);
    expect(() => modularity(graph)).toThrow(text);
  });
});

describe("modularityOfModules", () => {
  test("falls with density, from 1 - 1 / n to 0, and of two is (1 - p) / (2 (1 + p))", () => {
    const densities = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), densities, densities, (modules, p, other) => {
        const [low, high] = [Math.min(p, other), Math.max(p, other)];
        expect(modularityOfModules(modules, low)).toBeGreaterThanOrEqual(modularityOfModules(modules, high));
        expect(modularityOfModules(modules, 0)).toBe(1 - 1 / modules);
        expect(modularityOfModules(modules, 1)).toBe(0);
        expect(modularityOfModules(2, p)).toBeCloseTo((1 - p) / (2 * (1 + p)), 14);
      }),
    );
  });

  test.each([
    [1.5, 0, "Modularity: modules is 1.5, expected an integer from 1 on; 2 is usual"],
    [0, 0, "Modularity: modules is 0"],
    [
      2,
      -0.1,
      "Modularity: density is -0.1, expected from 0 to 1; give the share of the possible connections that exist",
    ],
    [2, 1.1, "Modularity: density is 1.1"],
    [2, Number.NaN, "Modularity: density is NaN"],
  ])("%d modules of density %d are refused", (modules, density, text) => {
    expect(() => modularityOfModules(modules, density)).toThrow(UsageError);
    expect(() => modularityOfModules(modules, density)).toThrow(text);
  });
});
