import type { Evaluation } from "../../records/learning-record.ts";
import type { Condition } from "../conditions.ts";
import { orNaN } from "../numbers.ts";
import { type StepEvaluations, stepsOf } from "../steps.ts";
import { type MeanAndBand, meanAndBand, tidy } from "./mean-and-band.ts";
import { type ValueAxis, valueAxis } from "./value-axis.ts";

/** Points drawn along a line, at most; lines of more evaluations mark only some. */
const POINTS = 24;

/** One point of a learning curve. */
interface CurvePoint {
  condition: string;
  epoch: number;
  stimuli: string;
  /** Per cent. */
  error: MeanAndBand;
  /** In the unit of the objective. */
  loss: MeanAndBand;
  marked: boolean;
}

/**
 * The points of all learning curves, two at each step of a condition: one for the stimuli of the evaluation, one for the
 * training batches; and the axes they are placed on.
 */
export function placedCurves(conditions: readonly Condition[]) {
  const points = conditions.flatMap((condition) => curvePoints(condition.name, stepsOf(condition)));
  const error = axisOf(points.map((point) => point.error));
  const loss = axisOf(points.map((point) => point.loss));
  const values = points.map((point) => ({
    ...point,
    error: point.error.mean,
    loss: point.loss.mean,
    ...placed("error", point.error, error),
    ...placed("loss", point.loss, loss),
  }));
  return { values, error, loss };
}

function curvePoints(condition: string, steps: readonly StepEvaluations[]): CurvePoint[] {
  const every = Math.ceil(steps.length / POINTS);
  return steps.flatMap(({ epoch, set, evaluations }, index) => {
    const point = { condition, epoch: tidy(epoch) ?? 0, marked: (steps.length - 1 - index) % every === 0 };
    const over = (value: (each: Evaluation) => number | null, scale = 1) =>
      meanAndBand(evaluations.map((each) => scale * orNaN(value(each))));
    const trainError = over((each) => each.trainError, 100);
    return [
      { ...point, stimuli: set, error: over((each) => each.error, 100), loss: over((each) => each.loss) },
      { ...point, stimuli: "training", error: trainError, loss: over((each) => each.trainLoss) },
    ];
  });
}

/** An axis for means and what lies above them: a band that reaches below 0 must not stretch a logarithmic one. */
function axisOf(marks: readonly MeanAndBand[]): ValueAxis {
  return valueAxis(marks.flatMap(({ mean, high }) => [mean, high].filter((value) => value !== null)));
}

function placed(name: "error" | "loss", { mean, low, high }: MeanAndBand, axis: ValueAxis) {
  const place = (value: number | null) => (value === null ? null : tidy(axis.place(Math.max(0, value))));
  return { [`${name}Place`]: place(mean), [`${name}Low`]: place(low), [`${name}High`]: place(high) };
}
