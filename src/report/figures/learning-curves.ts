import type { TopLevelSpec } from "vega-lite";
import { metricIn } from "../../records/metrics.ts";
import { type Condition, overSeeds } from "../conditions.ts";
import { lossTitle } from "../loss-title.ts";
import { listed, plusMinus } from "../numbers.ts";
import { seedNote } from "../seeds-in-words.ts";
import { finalValue, type ShownMetric, shownMetrics } from "../shown-metrics.ts";
import { haveCourse } from "../steps.ts";
import { textWidth } from "../text-width.ts";
import { bandLayer, byCondition, conditionScales, namesOf } from "./condition-encoding.ts";
import { placedCurves } from "./curve-points.ts";
import type { Figure } from "./figure.ts";
import { AXIS_TITLE, FIGURE_WIDTH, THEME } from "./theme.ts";
import { ticksTo } from "./ticks.ts";
import type { ValueAxis } from "./value-axis.ts";

/** Heights of the panels, pixels. */
const [HIGH, LOW] = [210, 150];

/**
 * Metrics and loss of every condition against epochs: solid for the evaluation's stimuli, dashed for training; of several
 * seeds the mean in a band of 1 SD. Undefined where all were evaluated only once, at the same time.
 */
export function learningCurvesFigure(conditions: readonly Condition[]): Figure | undefined {
  const metrics = shownMetrics(conditions);
  const { values, axes } = placedCurves(conditions, metrics);
  // Of a single evaluation there is no curve; its numbers are in the table.
  if (values.length === 0 || !haveCourse(conditions)) return undefined;
  const kinds = [...new Set(values.map(({ stimuli }) => stimuli))].filter((stimuli) => stimuli !== "training");
  const lastEpoch = values.reduce((last, point) => Math.max(last, point.epoch), 0);
  const names = namesOf(conditions);
  const color = { ...byCondition(conditions), scale: conditionScales(names).color };
  const panels = [
    ...metrics.map(({ name, axisTitle }) => ({ name, title: axisTitle })),
    { name: "loss", title: lossTitle("loss", conditions) },
  ];
  const panel = ({ name: field, title }: (typeof panels)[number], index: number) => {
    const [height, last] = [index === 0 && metrics.length > 0 ? HIGH : LOW, index === panels.length - 1];
    return {
      width: FIGURE_WIDTH,
      height,
      encoding: encoding(lastEpoch, {
        field: `${field}Place`,
        title: titleLines(title, height),
        axis: axes[field]!,
        last,
      }),
      layer: [
        bandLayer(conditions, { low: `${field}Low`, high: `${field}High`, detail: ["stimuli"] }),
        { mark: "line" as const, encoding: { color, strokeDash: stimulusDashes(kinds) } },
        pointLayer(conditions, "datum.stimuli === 'training'", false),
        pointLayer(conditions, "datum.stimuli !== 'training'", true),
      ],
    };
  };
  return {
    name: "learning-curves",
    title: "Learning curves",
    caption: caption(
      conditions,
      metrics,
      kinds,
      Object.values(axes).some(({ clamped }) => clamped),
    ),
    description: `Line chart of ${listed([...metrics.map(({ label }) => label), "loss"])} against training epochs for ${listed(names)}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      data: { values },
      spacing: 14,
      vconcat: panels.map(panel),
    } satisfies TopLevelSpec,
    numbers: conditions.flatMap(({ name, runs }) =>
      runs.flatMap(({ seed, evaluations }) =>
        evaluations.map((evaluation) => {
          const { step, epoch, set, loss, trainLoss } = evaluation;
          const columns = (prefix: string, source: "evaluation" | "train") =>
            Object.fromEntries(
              metrics.map((metric) => [`${prefix}${metric.name}`, metricIn(evaluation, metric.name, source)]),
            );
          return {
            condition: name,
            seed,
            step,
            epoch,
            stimuli: set,
            ...columns("", "evaluation"),
            loss,
            ...columns("training_", "train"),
            training_loss: trainLoss,
          };
        }),
      ),
    ),
  };
}

/** Points on the lines: filled for evaluations, hollow for training. */
function pointLayer(conditions: readonly Condition[], which: string, filled: boolean) {
  const [by, scales] = [byCondition(conditions), conditionScales(namesOf(conditions))];
  return {
    transform: [{ filter: `datum.marked && ${which}` }],
    mark: { type: "point" as const, filled, opacity: 1 },
    encoding: { color: { ...by, scale: scales.color }, shape: { ...by, scale: scales.shape } },
  };
}

/** Solid for evaluations and short dashes for training; long ones for a second kind of evaluation stimuli. */
function stimulusDashes(kinds: readonly string[]) {
  const domain = [...kinds, "training"];
  return {
    field: "stimuli",
    type: "nominal" as const,
    title: "stimuli",
    scale: {
      domain,
      range: domain.map((kind, index) => (kind === "training" ? [3, 3] : index === 0 ? [1, 0] : [10, 3])),
    },
    legend: { symbolType: "stroke", symbolSize: 400, symbolStrokeColor: "#444444" },
  };
}

/** The title of an axis of some height, in two lines where it is the unit of a sum and one is too long. */
function titleLines(title: string, height: number): string | string[] {
  return textWidth(title, AXIS_TITLE, false) > height ? title.split(/(?<= \+) /) : title;
}

function encoding(lastEpoch: number, y: { field: string; title: string | string[]; axis: ValueAxis; last: boolean }) {
  return {
    x: {
      field: "epoch",
      type: "quantitative" as const,
      title: y.last ? "training epochs" : null,
      scale: { domain: [0, lastEpoch || 1], nice: false },
      axis: { values: ticksTo(lastEpoch || 1, 5), labels: y.last, labelOverlap: false },
    },
    y: {
      field: y.field,
      type: "quantitative" as const,
      title: y.title,
      scale: y.axis.scale,
      axis: y.axis.ticks ? { values: y.axis.ticks, format: "~g" } : { tickCount: 6 },
    },
  };
}

function caption(
  conditions: readonly Condition[],
  metrics: readonly ShownMetric[],
  kinds: readonly string[],
  clamped: boolean,
) {
  const finals = metrics.slice(0, 1).flatMap((metric) =>
    conditions.map((condition) => {
      const over = overSeeds(condition, (run) => finalValue(run, metric, "test"));
      const value = over.count > 1 ? plusMinus(over, metric.format) : metric.format(over.mean);
      return `${condition.name} ends at ${value} test ${metric.label}`;
    }),
  );
  const capital = (word: string) => `${word[0]!.toUpperCase()}${word.slice(1)}`;
  const [first, ...others] = metrics.map(({ label }) => label);
  const what =
    first === undefined
      ? "Loss"
      : others.length === 0
        ? `${capital(first)} (top) and loss (bottom)`
        : `${capital(listed([first, ...others, "loss"]))} (from top to bottom)`;
  return [
    `${what} during training; solid lines: ${kinds[0]} stimuli, dashed lines: the training`,
    `batches since the evaluation before. Where the dashed line ${metrics.some(({ better }) => better === "more") ? "of the loss " : ""}keeps falling and the solid one does not, the run learns`,
    "its training stimuli by heart.",
    seedNote(conditions),
    finals.length > 0 ? `${listed(finals)}.` : "",
    clamped ? "Values of 0, and others off a logarithmic axis, are drawn on its edge." : "",
  ]
    .filter(Boolean)
    .join(" ");
}
