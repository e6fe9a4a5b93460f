import type { TopLevelSpec } from "vega-lite";
import { degrees, listed } from "../numbers.ts";
import { alignedProjections, type RunRecord } from "../report-data.ts";
import type { Figure } from "./figure.ts";
import { arrow, FIGURE_WIDTH, figureLabels, inert, runLegend, runScales, THEME } from "./theme.ts";

const SPACING = 18;
const POINTS = 16;

/** Angle between update and gradient against epochs, a panel per projection, a line per run. */
export function alignmentFigure(runs: readonly RunRecord[]): Figure | undefined {
  const labels = figureLabels(runs);
  const order = alignedProjections(runs);
  const values = runs.flatMap((run, index) => angles(labels[index] as string, run, order));
  if (values.length === 0) return undefined;
  const projections = [...new Set(values.map((value) => value.projection))];
  // Three in a row leave fewer holes with 3, 5 and 6 panels, two with 2 and 4.
  const columns = [3, 5].includes(projections.length) || projections.length > 5 ? 3 : Math.min(2, projections.length);
  const lastEpoch = values.reduce((last, value) => Math.max(last, value.epoch), 0) || 1;
  const obtuse = values.some((value) => value.angle > 100);
  const scales = runScales(labels);
  const run = { field: "run", type: "nominal" as const, title: "run", legend: runLegend(labels) };
  // By a field of another name, for a legend with dashed symbols would be the price of dashes by "run".
  const line = {
    mark: "line" as const,
    transform: [{ calculate: "datum.run", as: "dash" }],
    encoding: { strokeDash: { ...run, field: "dash", scale: scales.strokeDash, legend: null } },
  };
  // Hollow, so that runs that lie on each other (all of them in the last projection, often) are still all seen.
  const points = {
    transform: [{ filter: "datum.marked" }],
    mark: { type: "point" as const, filled: false, opacity: 1 },
    encoding: { shape: { ...run, scale: scales.shape } },
  };
  const lines = {
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative" as const,
        title: "training epochs",
        scale: { domain: [0, lastEpoch], nice: false },
        axis: { tickCount: 4 },
      },
      y: {
        field: "angle",
        type: "quantitative" as const,
        title: "angle to gradient (°)",
        // Room below 0, where the line of back-propagation lies, and above 90 for the words on the reference line.
        scale: { domain: obtuse ? [-8, 184] : [-4, 106], nice: false },
        axis: { values: obtuse ? [0, 90, 180] : [0, 30, 60, 90] },
      },
      color: { ...run, scale: scales.color },
    },
    layer: [line, points],
  };
  return {
    name: "alignment",
    title: "Alignment with the gradient",
    caption: caption(runs, labels),
    description: `Line chart of the angle between update and gradient against training epochs for ${listed(labels)}, a panel for each of ${listed(projections)}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      data: { values },
      columns,
      spacing: { row: 16, column: SPACING },
      facet: { field: "projection", type: "nominal", sort: { field: "order", op: "min" }, title: null },
      spec: {
        width: (FIGURE_WIDTH - (columns - 1) * SPACING) / columns,
        height: columns === 1 ? 200 : 140,
        layer: [...reference(), lines],
      },
    } satisfies TopLevelSpec,
  };
}

/** The line at 90 degrees and what it means, once in every panel. */
function reference() {
  const data = { values: [{}] };
  return [
    {
      data,
      mark: { type: "rule" as const, color: "#555555", strokeWidth: 1, strokeDash: [2, 2] },
      encoding: { y: { datum: 90 } },
    },
    {
      data,
      mark: {
        type: "text" as const,
        text: "90°: unrelated",
        color: "#555555",
        fontSize: 10,
        align: "right" as const,
        baseline: "bottom" as const,
        dy: -2,
        x: "width" as const,
      },
      encoding: { y: { datum: 90 } },
    },
  ];
}

function angles(run: string, record: RunRecord, order: readonly string[]) {
  const every = Math.ceil(record.evaluations.length / POINTS);
  return record.evaluations.flatMap((evaluation, index) =>
    Object.entries(evaluation.alignment)
      .filter(([, alignment]) => Number.isFinite(alignment.angle))
      .map(([projection, { angle }]) => ({
        run,
        projection: inert(arrow(projection)),
        order: order.indexOf(projection),
        epoch: Number(evaluation.epoch.toPrecision(6)),
        angle: Number(angle.toPrecision(6)),
        marked: (record.evaluations.length - 1 - index) % every === 0,
      })),
  );
}

function caption(runs: readonly RunRecord[], labels: readonly string[]): string {
  const ends = runs.flatMap((run, index) => {
    const finals = Object.entries(run.summary.alignment).filter(([, { angle }]) => Number.isFinite(angle));
    if (finals.length === 0) return [];
    if (finals.every(([, { angle }]) => angle === 0)) return `${labels[index]} is exactly aligned (0°)`;
    const sizes = finals.map(([, { angle }]) => angle);
    const [low, high] = [Math.min(...sizes), Math.max(...sizes)].map(degrees) as [string, string];
    return `${labels[index]} ends ${low === high ? `at ${low}` : `between ${low} and ${high}`}`;
  });
  return [
    "Angle between the weight change that a rule asks for and the gradient of the loss, for each projection. At 0° the",
    "rule follows the gradient; at 90° (dotted) a step along it does not lower the loss at first order; below, it does.",
    ends.length ? `${listed(ends)}.` : "",
  ]
    .join(" ")
    .trim();
}
