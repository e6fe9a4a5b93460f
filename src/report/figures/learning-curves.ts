import type { TopLevelSpec } from "vega-lite";
import { type Condition, overSeeds } from "../conditions.ts";
import { lossTitle } from "../loss-title.ts";
import { listed, percent, plusMinus } from "../numbers.ts";
import { seedNote } from "../seeds-in-words.ts";
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
 * Error and loss of every condition against epochs: solid for the evaluation's stimuli, dashed for training; of several
 * seeds the mean in a band of 1 SD. Undefined where all were evaluated only once, at the same time.
 */
export function learningCurves(conditions: readonly Condition[]): Figure | undefined {
  const { values, error, loss } = placedCurves(conditions);
  // Of a single evaluation there is no curve; its numbers are in the table.
  if (values.length === 0 || !haveCourse(conditions)) return undefined;
  const kinds = [...new Set(values.map(({ stimuli }) => stimuli))].filter((stimuli) => stimuli !== "training");
  const lastEpoch = values.reduce((last, point) => Math.max(last, point.epoch), 0);
  const names = namesOf(conditions);
  const color = { ...byCondition(conditions), scale: conditionScales(names).color };
  const panel = (field: "error" | "loss", title: string, axis: ValueAxis, last: boolean) => ({
    width: FIGURE_WIDTH,
    height: last ? LOW : HIGH,
    encoding: encoding(lastEpoch, { field: `${field}Place`, title: titleLines(title, last ? LOW : HIGH), axis, last }),
    layer: [
      bandLayer(conditions, { low: `${field}Low`, high: `${field}High`, detail: ["stimuli"] }),
      { mark: "line" as const, encoding: { color, strokeDash: stimulusDashes(kinds) } },
      pointLayer(conditions, "datum.stimuli === 'training'", false),
      pointLayer(conditions, "datum.stimuli !== 'training'", true),
    ],
  });
  return {
    name: "learning-curves",
    title: "Learning curves",
    caption: caption(conditions, kinds, error.clamped || loss.clamped),
    description: `Line chart of error and loss against training epochs for ${listed(names)}.`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      config: THEME,
      data: { values },
      spacing: 14,
      vconcat: [panel("error", "error (%)", error, false), panel("loss", lossTitle("loss", conditions), loss, true)],
    } satisfies TopLevelSpec,
    numbers: conditions.flatMap(({ name, runs }) =>
      runs.flatMap(({ seed, evaluations }) =>
        evaluations.map(({ step, epoch, set, error, loss, trainError, trainLoss }) => ({
          condition: name,
          seed,
          step,
          epoch,
          stimuli: set,
          error,
          loss,
          training_error: trainError,
          training_loss: trainLoss,
        })),
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

function caption(conditions: readonly Condition[], kinds: readonly string[], clamped: boolean) {
  const finals = conditions.map((condition) => {
    const over = overSeeds(condition, ({ summary }) => summary.testError);
    const error = over.count > 1 ? plusMinus(over, percent) : percent(over.mean);
    return `${condition.name} ends at ${error} test error`;
  });
  return [
    `Error (top) and loss (bottom) during training; solid lines: ${kinds[0]} stimuli, dashed lines: the training`,
    "batches since the evaluation before. Where the dashed line keeps falling and the solid one does not, the run learns",
    "its training stimuli by heart.",
    seedNote(conditions),
    `${listed(finals)}.`,
    clamped ? "Values of 0, and others off a logarithmic axis, are drawn on its edge." : "",
  ]
    .filter(Boolean)
    .join(" ");
}
