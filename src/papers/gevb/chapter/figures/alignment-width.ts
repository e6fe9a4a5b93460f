import type { TopLevelSpec } from "vega-lite";
import { conditionScales } from "../../../../report/figures/condition-encoding.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { arrow, FIGURE_WIDTH, THEME } from "../../../../report/figures/theme.ts";
import { inert } from "../../../../report/inert.ts";
import { degrees, listed, whole } from "../../../../report/numbers.ts";
import { type WidthPoint, type WidthSeries, widthLimit, widthPoints } from "../../width-record.ts";

/** Angle between update and gradient against width, a line a projection with +-1 SD over seeds, on a doubling axis. */
export function alignmentWidthFigure(series: WidthSeries): Figure | undefined {
  if (series.networks.length === 0) return undefined;
  // Without a seed that compares there is no point, and a line of none has no place in the legend.
  const points = widthPoints(series).filter(({ compared }) => compared > 0);
  if (points.length === 0) return undefined;
  const projections = [...new Set(points.map(({ projection }) => projection))].map((name) => inert(arrow(name)));
  const widths = [...new Set(points.map(({ width }) => width))];
  const scales = conditionScales(projections);
  const projection = { field: "projection", type: "nominal" as const, title: "projection" };
  const legend = { columns: 2 };
  const limit = widthLimit(series);
  const obtuse = points.some(({ angle }) => angle > 100);
  const y = {
    type: "quantitative" as const,
    title: "angle to gradient (°)",
    // Room below 0, where a line can lie, and above 90 for a deviation.
    scale: { domain: obtuse ? [-8, 184] : [-4, 100], nice: false },
    axis: { values: obtuse ? [0, 90, 180] : [0, 30, 60, 90] },
  };
  return {
    name: "alignment-width",
    title: "Alignment with the gradient against width",
    caption: caption(series, points, limit),
    description: `Line chart of the angle between update and gradient against the width of hidden populations, a line for each of ${listed(projections)}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      width: FIGURE_WIDTH,
      height: 260,
      data: { values: points.map(plotted) },
      layer: [
        ...(limit === undefined ? [] : limitLayers(limit)),
        {
          encoding: {
            x: {
              field: "width",
              type: "quantitative",
              title: "units of each hidden population",
              scale: { type: "log", base: 2, nice: false, padding: 12 },
              axis: { values: widths, format: "d", grid: false },
            },
            color: { ...projection, scale: scales.color, legend },
          },
          layer: [
            {
              // By a field of another name, for a legend with dashed symbols would be the price of dashes by projection.
              transform: [{ calculate: "datum.projection", as: "dash" }],
              mark: "line",
              encoding: {
                y: { field: "angle", ...y },
                strokeDash: { field: "dash", type: "nominal", scale: scales.strokeDash, legend: null },
              },
            },
            ...(points.some(({ compared }) => compared > 1)
              ? [
                  {
                    transform: [{ filter: "datum.low !== null" }],
                    mark: { type: "rule" as const, strokeWidth: 1.5 },
                    encoding: { y: { field: "low", ...y }, y2: { field: "high" } },
                  },
                ]
              : []),
            {
              mark: { type: "point", filled: true, opacity: 1, size: 50 },
              encoding: { y: { field: "angle", ...y }, shape: { ...projection, scale: scales.shape, legend } },
            },
          ],
        },
      ],
    } satisfies TopLevelSpec,
    numbers: series.networks.flatMap(({ width, seed, alignment }) =>
      Object.entries(alignment).map(([name, { angle, signAgreement }]) => ({
        width,
        seed,
        projection: name,
        angle,
        sign_agreement: signAgreement,
      })),
    ),
  };
}

/** The line that the projection onto the last hidden population does not fall below, and what it means. */
function limitLayers(limit: number) {
  const data = { values: [{}] };
  const colour = "#555555";
  return [
    {
      data,
      mark: { type: "rule" as const, color: colour, strokeWidth: 1, strokeDash: [2, 2] },
      encoding: { y: { datum: limit } },
    },
    {
      data,
      mark: {
        type: "text" as const,
        text: `${degrees(limit)}: limit onto the last hidden population`,
        color: colour,
        fontSize: 10,
        align: "right" as const,
        baseline: "bottom" as const,
        dy: -5,
        x: "width" as const,
      },
      encoding: { y: { datum: limit } },
    },
  ];
}

function plotted({ projection, width, compared, angle, deviation }: WidthPoint) {
  const tidy = (value: number) => Number(value.toPrecision(6));
  const bar =
    compared > 1 ? { low: tidy(angle - deviation), high: tidy(angle + deviation) } : { low: null, high: null };
  return { projection: inert(arrow(projection)), width, angle: tidy(angle), ...bar };
}

function caption(series: WidthSeries, points: readonly WidthPoint[], limit: number | undefined): string {
  const seeds = [...new Set(points.map((point) => point.compared))];
  const projections = [...new Set(points.map(({ projection }) => projection))];
  const changes = projections.map((projection) => {
    const own = points.filter((point) => point.projection === projection);
    const [first, last] = [own[0]!, own.at(-1)!];
    if (degrees(first.angle) === degrees(last.angle)) return `${arrow(projection)} at ${degrees(last.angle)}`;
    return `${arrow(projection)} from ${degrees(first.angle)} to ${degrees(last.angle)}`;
  });
  const widths = points.map(({ width }) => width);
  const [narrow, wide] = [Math.min(...widths), Math.max(...widths)].map(whole);
  const between = narrow === wide ? `At width ${narrow}` : `From width ${narrow} to ${wide}`;
  return [
    `Angle between GEVB's update and the gradient in ${series.sign} networks that have`,
    `${series.initial === "on-off" ? "ON/OFF" : "He's"} weights and have learned nothing.`,
    ...(seeds.some((count) => count > 1) ? [`Mean over ${listed(seeds.map(String))} seeds, bars \u00b11 SD.`] : []),
    `${between}: ${listed(changes)}.`,
    ...(limit === undefined
      ? []
      : [
          `The dotted line (${degrees(limit)}) is where the projection onto the last hidden population ends: its gradient carries`,
          "each unit's single readout weight.",
        ]),
  ].join(" ");
}
