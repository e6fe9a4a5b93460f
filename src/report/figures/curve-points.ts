import type { Evaluation } from "../../records/learning-record.ts";
import { metricIn } from "../../records/metrics.ts";
import type { Condition } from "../conditions.ts";
import { orNaN } from "../numbers.ts";
import type { ShownMetric } from "../shown-metrics.ts";
import { type StepEvaluations, stepsOf } from "../steps.ts";
import { type MeanAndBand, meanAndBand, tidy } from "./mean-and-band.ts";
import { signedAxis, type ValueAxis, valueAxis } from "./value-axis.ts";

/** Points drawn along a line, at most; lines of more evaluations mark only some. */
const POINTS = 24;

/** One point of a learning curve. */
interface CurvePoint {
  condition: string;
  epoch: number;
  stimuli: string;
  marked: boolean;
  /** By the name of the quantity: metrics as they are drawn, shares in per cent, and the loss in the unit of the objective. */
  quantities: Readonly<Record<string, MeanAndBand>>;
}

/**
 * The points of all learning curves, two at each step of a condition: one for the stimuli of the evaluation, one for the
 * training batches; and the axes they are placed on, by the name of the quantity: each metric, and "loss".
 */
export function placedCurves(conditions: readonly Condition[], metrics: readonly ShownMetric[]) {
  const points = conditions.flatMap((condition) => curvePoints(condition.name, stepsOf(condition), metrics));
  const axes: Record<string, ValueAxis> = Object.fromEntries(
    [...metrics.map(({ name, better }) => ({ name, better })), { name: "loss", better: "less" }].map((quantity) => [
      quantity.name,
      axisOf(
        points.map(({ quantities }) => quantities[quantity.name]!),
        quantity.better === "more",
      ),
    ]),
  );
  const values = points.map(({ quantities, ...point }) => ({
    ...point,
    ...Object.assign(
      {},
      ...Object.entries(quantities).map(([name, band]) => ({ [name]: band.mean, ...placed(name, band, axes[name]!) })),
    ),
  }));
  return { values, axes };
}

function curvePoints(
  condition: string,
  steps: readonly StepEvaluations[],
  metrics: readonly ShownMetric[],
): CurvePoint[] {
  const every = Math.ceil(steps.length / POINTS);
  return steps.flatMap(({ epoch, set, evaluations }, index) => {
    const point = { condition, epoch: tidy(epoch) ?? 0, marked: (steps.length - 1 - index) % every === 0 };
    const over = (value: (each: Evaluation) => number | null, scale = 1) =>
      meanAndBand(evaluations.map((each) => scale * orNaN(value(each))));
    const quantities = (source: "evaluation" | "train") => ({
      ...Object.fromEntries(
        metrics.map(({ name, scale }) => [name, over((each) => metricIn(each, name, source), scale)]),
      ),
      loss: over((each) => (source === "train" ? each.trainLoss : each.loss)),
    });
    return [
      { ...point, stimuli: set, quantities: quantities("evaluation") },
      { ...point, stimuli: "training", quantities: quantities("train") },
    ];
  });
}

/** An axis for means and what lies above them: a band that reaches below 0 must not stretch a logarithmic one. */
function axisOf(marks: readonly MeanAndBand[], signed: boolean): ValueAxis {
  const values = marks.flatMap(({ mean, high }) => [mean, high].filter((value) => value !== null));
  return signed ? signedAxis(values) : valueAxis(values);
}

function placed(name: string, { mean, low, high }: MeanAndBand, axis: ValueAxis) {
  const place = (value: number | null) => (value === null ? null : tidy(axis.place(value)));
  return { [`${name}Place`]: place(mean), [`${name}Low`]: place(low), [`${name}High`]: place(high) };
}
