import type { TopLevelSpec } from "vega-lite";
import type { Evaluation } from "../learning-record.ts";
import { listed, percent } from "../numbers.ts";
import type { RunRecord } from "../report-data.ts";
import type { Figure } from "./figure.ts";
import { FIGURE_WIDTH, figureLabels, runLegend, runScales, THEME } from "./theme.ts";
import { type ValueAxis, valueAxis } from "./value-axis.ts";

/** Points drawn along a line, at most; lines of more evaluations mark only some. */
const POINTS = 24;

/** One point of a curve; null where the run had no number. */
interface CurvePoint {
  run: string;
  epoch: number;
  digits: string;
  error: number | null;
  loss: number | null;
  marked: boolean;
}

/** Error and loss of every run against epochs: solid for the evaluation's digits, dashed for training. */
export function learningCurves(runs: readonly RunRecord[]): Figure | undefined {
  const labels = figureLabels(runs);
  const kinds: string[] = [...new Set(runs.flatMap((run) => run.evaluations.map((each) => each.digits)))];
  if (kinds.length === 0) return undefined;
  const points = runs.flatMap((run, index) => curvePoints(labels[index] as string, run.evaluations));
  const error = valueAxis(points.flatMap((point) => point.error ?? []));
  const loss = valueAxis(points.flatMap((point) => point.loss ?? []));
  const values = points.map((point) => ({
    ...point,
    errorPlace: point.error === null ? null : error.place(point.error),
    lossPlace: point.loss === null ? null : loss.place(point.loss),
  }));
  const lastEpoch = points.reduce((last, point) => Math.max(last, point.epoch), 0);
  const panel = (field: string, title: string, axis: ValueAxis, last: boolean) => ({
    width: FIGURE_WIDTH,
    height: last ? 150 : 210,
    encoding: encoding(labels, lastEpoch, { field, title, axis, last }),
    layer: [
      { mark: "line" as const, encoding: { strokeDash: digitDashes(kinds) } },
      pointLayer(labels, "datum.digits === 'training'", false),
      pointLayer(labels, "datum.digits !== 'training'", true),
    ],
  });
  return {
    name: "learning-curves",
    title: "Learning curves",
    caption: caption(runs, labels, kinds, error.clamped || loss.clamped),
    description: `Line chart of error and loss against training epochs for ${listed(labels)}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      data: { values },
      spacing: 14,
      vconcat: [panel("errorPlace", "error (%)", error, false), panel("lossPlace", "loss (nats)", loss, true)],
    } satisfies TopLevelSpec,
  };
}

function curvePoints(run: string, evaluations: readonly Evaluation[]): CurvePoint[] {
  const every = Math.ceil(evaluations.length / POINTS);
  // Rounded, so that specifications say 1.87 and not 1.8700000000000003.
  const tidy = (value: number, times = 1) => (Number.isFinite(value) ? Number((times * value).toPrecision(6)) : null);
  return evaluations.flatMap((each, index) => {
    const marked = (evaluations.length - 1 - index) % every === 0;
    const epoch = Number(each.epoch.toPrecision(6));
    return [
      { run, epoch, digits: each.digits, error: tidy(each.error, 100), loss: tidy(each.loss), marked },
      { run, epoch, digits: "training", error: tidy(each.trainError, 100), loss: tidy(each.trainLoss), marked },
    ];
  });
}

function byRun(labels: readonly string[]) {
  return { field: "run", type: "nominal" as const, title: "run", legend: runLegend(labels) };
}

/** Points on the lines: filled for evaluations, hollow for training. */
function pointLayer(labels: readonly string[], which: string, filled: boolean) {
  return {
    transform: [{ filter: `datum.marked && ${which}` }],
    mark: { type: "point" as const, filled, opacity: 1 },
    encoding: { shape: { ...byRun(labels), scale: runScales(labels).shape } },
  };
}

/** Solid for evaluations and short dashes for training; long ones for a second kind of evaluation digits. */
function digitDashes(kinds: readonly string[]) {
  const domain = [...kinds, "training"];
  return {
    field: "digits",
    type: "nominal" as const,
    title: "digits",
    scale: {
      domain,
      range: domain.map((kind, index) => (kind === "training" ? [3, 3] : index === 0 ? [1, 0] : [10, 3])),
    },
    legend: { symbolType: "stroke", symbolSize: 400, symbolStrokeColor: "#444444" },
  };
}

function encoding(
  labels: readonly string[],
  lastEpoch: number,
  y: { field: string; title: string; axis: ValueAxis; last: boolean },
) {
  return {
    x: {
      field: "epoch",
      type: "quantitative" as const,
      title: y.last ? "training epochs" : null,
      scale: { domain: [0, lastEpoch || 1], nice: false },
      axis: { tickCount: 6, labels: y.last },
    },
    y: {
      field: y.field,
      type: "quantitative" as const,
      title: y.title,
      scale: y.axis.scale,
      axis: y.axis.ticks ? { values: y.axis.ticks, format: "~g" } : { tickCount: 6 },
    },
    color: { ...byRun(labels), scale: runScales(labels).color },
  };
}

function caption(runs: readonly RunRecord[], labels: readonly string[], kinds: readonly string[], clamped: boolean) {
  const finals = runs.map((run, index) => `${labels[index]} ends at ${percent(run.summary.testError)} test error`);
  return [
    `Error (top) and loss (bottom) during training; solid lines: ${kinds[0]} digits, dashed lines: the training batches`,
    "since the evaluation before. Where the dashed line keeps falling and the solid one does not, the run learns",
    `its training digits by heart. ${listed(finals)}.`,
    clamped ? "Values of 0, and others off a logarithmic axis, are drawn on its edge." : "",
  ]
    .join(" ")
    .trim();
}
