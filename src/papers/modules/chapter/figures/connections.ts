import type { TopLevelSpec } from "vega-lite";
import { ShapeError } from "../../../../kinds/errors.ts";
import { evenly } from "../../../../report/evenly.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { THEME } from "../../../../report/figures/theme.ts";
import { inert } from "../../../../report/inert.ts";
import { listed, whole } from "../../../../report/numbers.ts";
import type { ConnectionMatrix } from "../../connection-record.ts";
import { type DensityPoint, type ModulesRun, seriesOf } from "../density-points.ts";
import { BETWEEN, connectionImage, WITHIN } from "./connection-image.ts";

/** Matrices in the figure, at most. */
const MATRICES = 4;
/** Pixels along a side: a whole number for the usual 2 modules of 100 units. */
const SIDE = 200;
/** Single connections are marked where a pair of modules has so few that pixels would be overlooked. */
const FEW = 40;

const KINDS = ["within modules", "between modules"];

/** The connections of a run, where they are kept. */
export type ConnectionsOf = (run: ModulesRun) => Promise<ConnectionMatrix | undefined>;

/** Connections of the first run at a few densities as matrices, modules in blocks. */
export async function connectionsFigure(
  points: readonly DensityPoint[],
  connectionsOf: ConnectionsOf,
): Promise<Figure | undefined> {
  const shown: { point: DensityPoint; run: ModulesRun; matrix: ConnectionMatrix }[] = [];
  for (const point of evenly(points, MATRICES)) {
    const run = point.runs[0]!;
    const matrix = await connectionsOf(run);
    if (matrix) shown.push({ point, run, matrix });
  }
  if (shown.length === 0) return undefined;
  for (const { run, matrix } of shown) checkMatrix(run, matrix);
  const several = seriesOf(shown.map(({ point }) => point)).length > 1;
  const titled = shown.map(({ point, run, matrix }) => ({
    title: several ? `${point.series}, ${point.name}` : point.name,
    counts: point,
    seed: run.seed,
    matrix,
  }));
  return {
    name: "connections",
    title: "Connections",
    caption: caption(titled),
    description: `Matrices of connections from presynaptic units (columns) to postsynaptic units (rows) at ${listed(titled.map(({ title }) => title))}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      columns: 2,
      spacing: 18,
      concat: titled.map(({ title, matrix }) => ({ title: inert(title), ...matrixSpec(matrix) })),
    } satisfies TopLevelSpec,
    numbers: titled.flatMap(({ title, seed, matrix }) => countsOf(matrix).map((line) => ({ title, seed, ...line }))),
  };
}

function matrixSpec(matrix: ConnectionMatrix) {
  const { populations } = matrix;
  const ends = populations.map((_, index) =>
    populations.slice(0, index + 1).reduce((sum, { units }) => sum + units, 0),
  );
  const units = ends.at(-1) as number;
  const centres = populations.map(({ units: own }, index) => (ends[index] as number) - own / 2);
  const names = populations.map(({ name }) => name);
  const labelExpr = `${JSON.stringify(names)}[indexof(${JSON.stringify(centres)}, datum.value)]`;
  const axis = (title: string) => ({
    title,
    values: centres,
    labelExpr,
    ticks: false,
    domain: false,
    grid: false,
    labelOverlap: false,
  });
  // Names of more modules are wider than their blocks.
  const [across, down] = populations.length > 3 ? [{ labelAngle: -45 }, {}] : [{}, { labelAngle: -90 }];
  const scale = { domain: [0, units], nice: false, zero: false };
  const vertical = { ...scale, reverse: true };
  const quantitative = { type: "quantitative" as const };
  const colour = {
    field: "kind",
    type: "nominal" as const,
    title: "connections",
    scale: { domain: KINDS, range: [WITHIN, BETWEEN] },
  };
  return {
    width: SIDE,
    height: SIDE,
    layer: [
      {
        data: { values: [{ x: units / 2, y: units / 2, url: connectionImage(matrix) }] },
        mark: { type: "image" as const, width: SIDE, height: SIDE, aspect: false, smooth: false },
        encoding: {
          x: { field: "x", ...quantitative, scale, axis: { ...axis("presynaptic"), ...across } },
          y: {
            field: "y",
            ...quantitative,
            scale: vertical,
            axis: { ...axis("postsynaptic"), ...down },
          },
          url: { field: "url", type: "nominal" as const },
        },
      },
      {
        data: { values: rareConnections(matrix) },
        mark: { type: "square" as const, size: 16, opacity: 1 },
        encoding: {
          x: { field: "pre", ...quantitative, scale },
          y: { field: "post", ...quantitative, scale: vertical },
          color: colour,
        },
      },
      {
        // Without a size: Vega draws a legend only for a scale that some mark uses.
        data: { values: KINDS.map((kind) => ({ kind })) },
        mark: { type: "square" as const, size: 0, opacity: 0 },
        encoding: { color: { ...colour, legend: { symbolType: "square", symbolOpacity: 1, symbolSize: 70 } } },
      },
      {
        data: { values: [0, ...ends].map((at) => ({ at })) },
        mark: { type: "rule" as const, color: "#6b6b6b", strokeWidth: 1 },
        encoding: { x: { field: "at", ...quantitative, scale } },
      },
      {
        data: { values: [0, ...ends].map((at) => ({ at })) },
        mark: { type: "rule" as const, color: "#6b6b6b", strokeWidth: 1 },
        encoding: { y: { field: "at", ...quantitative, scale: vertical } },
      },
    ],
  };
}

/** How many connections each pair of modules has. */
function countsOf({ populations, connected }: ConnectionMatrix) {
  const owner = populations.flatMap(({ units }, index) => Array.from({ length: units }, () => index));
  const counts = populations.map(() => populations.map(() => 0));
  connected.forEach((exists, index) => {
    const [post, pre] = [owner[Math.floor(index / owner.length)]!, owner[index % owner.length]!];
    if (exists !== 0) counts[post]![pre]!++;
  });
  return populations.flatMap(({ name: post }, row) =>
    populations.map(({ name: pre }, column) => ({ post, pre, connections: counts[row]![column]! })),
  );
}

/** Connections of those pairs of modules that have few, at the centre of their pixel. */
function rareConnections({ populations, connected }: ConnectionMatrix) {
  const owner = populations.flatMap(({ units }, index) => Array.from({ length: units }, () => index));
  const units = owner.length;
  const found = populations.map(() => populations.map((): { pre: number; post: number; kind: string }[] => []));
  for (let post = 0; post < units; post++)
    for (let pre = 0; pre < units; pre++)
      if (connected[post * units + pre] !== 0 && owner[post] !== owner[pre])
        found[owner[post]!]![owner[pre]!]!.push({ pre: pre + 0.5, post: post + 0.5, kind: KINDS[1]! });
  return found
    .flat()
    .filter(({ length }) => length <= FEW)
    .flat();
}

function checkMatrix({ label }: ModulesRun, { populations, connected }: ConnectionMatrix): void {
  const units = populations.reduce((sum, population) => sum + population.units, 0);
  if (connected.length !== units * units)
    throw new ShapeError(
      `Connections of ${label}: got ${connected.length} entries, expected ${units} x ${units}, [post, pre]; give one for each pair of units`,
    );
}

function caption(shown: readonly { title: string; counts: DensityPoint; seed: number }[]): string {
  const seeds = [...new Set(shown.map(({ seed }) => seed))];
  const counts = shown.map(({ title, counts: { connections } }) => {
    const exact = Number.isInteger(connections) ? whole(connections) : connections.toFixed(1);
    return `${exact} at ${title}`;
  });
  return [
    "Which units are connected, presynaptic units in columns and postsynaptic ones in rows; white where there is no",
    `connection. Connections from a module to another, mean: ${listed(counts)}.`,
    `Of the run with seed ${listed(seeds.map(String))}.`,
    "Between modules with few connections each is drawn larger than it is.",
  ].join(" ");
}
