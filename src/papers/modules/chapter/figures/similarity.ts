import type { TopLevelSpec } from "vega-lite";
import { overSeeds } from "../../../../report/conditions.ts";
import { curvePanels } from "../../../../report/figures/curve-panels.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { tidy } from "../../../../report/figures/mean-and-band.ts";
import { THEME } from "../../../../report/figures/theme.ts";
import { inert } from "../../../../report/inert.ts";
import { listed, number } from "../../../../report/numbers.ts";
import { curveNote } from "../../../../report/seeds-in-words.ts";
import { type DensityPoint, haveDensities } from "../density-points.ts";
import { dimensionsIn, similarityIn } from "../states.ts";
import { densityAxis } from "./density-axis.ts";
import { curvesOfSeries, SERIES_TITLE } from "./density-curves.ts";

/** Matrices beside each other, at most; each has pixels for a module's name. */
const MATRICES = 4;
const CELL = 46;

const MEANING =
  "Linear CKA compares what two modules' states tell of the same trials, whatever units carry it: 1 for states that are equal but " +
  "for a rotation and a scale, 0 for unrelated ones. The participation ratio is the number of dimensions that a module's states " +
  "spread over. States are those of the last time step that was looked at.";

/** Likeness of modules' states and their dimensions: against density where that varies, else a matrix a condition. */
export function similarityFigure(points: readonly DensityPoint[]): Figure | undefined {
  const measured = points.filter(({ runs }) => runs.some((run) => Number.isFinite(similarityIn(run))));
  if (measured.length === 0) return undefined;
  return haveDensities(measured) ? curves(measured) : matrices(measured.slice(0, MATRICES));
}

function curves(points: readonly DensityPoint[]): Figure {
  const axis = densityAxis(points);
  const x = ({ density }: DensityPoint) => density;
  const dimensions = points.flatMap(({ runs }) => runs.map(dimensionsIn)).filter(Number.isFinite);
  const panels = [
    {
      title: "likeness of two modules",
      y: { title: "linear CKA", domain: [0, 1] as const },
      curves: curvesOfSeries(points, x, similarityIn),
    },
    {
      title: "participation ratio of a module",
      y: { title: "dimensions", domain: [0, 1.1 * Math.max(1, ...dimensions)] as const },
      curves: curvesOfSeries(points, x, dimensionsIn),
    },
  ];
  return {
    name: "similarity",
    title: "Likeness and dimensions of modules' states",
    caption: [MEANING, "Means over pairs of modules and over modules.", curveNote(points)].filter(Boolean).join(" "),
    description:
      "Line charts of linear CKA between modules and of the participation ratio against inter-module density.",
    ...curvePanels(panels, axis, { legend: SERIES_TITLE }),
  };
}

function matrices(points: readonly DensityPoint[]): Figure {
  const several = points.length > 1;
  const dimensions = points.map((point) => number(overSeeds(point, dimensionsIn).mean));
  const titled = points.map((point) => ({ ...point, title: `${point.series}, ${point.name}` }));
  return {
    name: "similarity",
    title: "Likeness and dimensions of modules' states",
    caption: [
      MEANING,
      points.some(({ runs }) => runs.length > 1) ? "Numbers are means over seeds." : "",
      several
        ? `Dimensions, mean over modules: ${listed(titled.map(({ title }, index) => `${dimensions[index]} (${title})`))}.`
        : `Dimensions: ${dimensionsByModule(points[0] as DensityPoint)}.`,
    ]
      .filter(Boolean)
      .join(" "),
    description: `Matrix of linear CKA between modules for ${listed(titled.map(({ title }) => title))}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      columns: 2,
      concat: titled.map((point) => ({
        ...(several ? { title: inert(point.title) } : {}),
        ...matrixOf(point),
      })),
    } satisfies TopLevelSpec,
    numbers: points.flatMap((point) =>
      point.runs.flatMap(({ seed, record: { modules, states } }) => {
        const { similarity = [], dimensions = [] } = states.at(-1) ?? {};
        return modules.flatMap((module, i) =>
          modules.map((other, j) => ({
            circuit: `${point.series}, ${point.name}`,
            seed,
            module,
            other,
            linear_cka: similarity[i]?.[j],
            ...(i === j ? { dimensions: dimensions[i] } : {}),
          })),
        );
      }),
    ),
  };
}

function dimensionsByModule(point: DensityPoint): string {
  const { modules } = point.runs[0]!.record;
  return listed(
    modules.map((name, module) => {
      const of = overSeeds(point, ({ record }) => record.states.at(-1)?.dimensions[module] ?? Number.NaN);
      return `${number(of.mean)} in ${name}`;
    }),
  );
}

function matrixOf(point: DensityPoint) {
  const { modules } = point.runs[0]!.record;
  const values = modules.flatMap((row, i) =>
    modules.map((column, j) => {
      const { mean } = overSeeds(point, ({ record }) => record.states.at(-1)?.similarity[i]?.[j] ?? Number.NaN);
      return { row, column, similarity: tidy(mean), text: number(mean, 2) };
    }),
  );
  const axis = { ticks: false, domain: false, labelAngle: 0, labelPadding: 6 };
  return {
    data: { values },
    width: Math.max(CELL, 70) * modules.length,
    height: CELL * modules.length,
    encoding: {
      x: { field: "column", type: "nominal" as const, title: null, axis, scale: { domain: modules } },
      y: { field: "row", type: "nominal" as const, title: null, axis, scale: { domain: modules } },
    },
    layer: [
      {
        mark: "rect" as const,
        encoding: {
          fill: {
            field: "similarity",
            type: "quantitative" as const,
            title: "linear CKA",
            scale: { domain: [0, 1], range: ["#ffffff", "#0072B2"], interpolate: "rgb" as const },
            legend: {
              orient: "bottom" as const,
              titleOrient: "top" as const,
              direction: "horizontal" as const,
              gradientLength: 140,
              gradientThickness: 12,
              values: [0, 0.5, 1],
            },
          },
        },
      },
      {
        mark: { type: "text" as const, fontSize: 12 },
        encoding: {
          text: { field: "text", type: "nominal" as const },
          color: { condition: { test: "datum.similarity > 0.6", value: "white" }, value: "#222222" },
        },
      },
    ],
  };
}
