import * as z from "zod";
import type { Activity } from "../../circuits/activity.ts";
import type { Report } from "../../circuits/decision.ts";
import type { Network } from "../../circuits/network.ts";
import { penalty } from "../../compute/kernels/penalty.ts";
import { multiply, ones, subtract } from "../../compute/kernels/pointwise.ts";
import { sumPositions } from "../../compute/kernels/reduction.ts";
import { scale, scaleRows } from "../../compute/kernels/scaling.ts";
import { weighValues } from "../../compute/kernels/weighting.ts";
import { reshape, type Tensor, type Trace } from "../../compute/trace.ts";
import { DescriptionError } from "../../kinds/errors.ts";
import type { Metric, Metrics, Sums } from "./metric.ts";
import type { Given, Judgement, Objective } from "./objective.ts";
import { judgeQuestions, type Question } from "./question.ts";
import { asksNothing, type TargetInputs, targetInputs } from "./target-inputs.ts";

/** Settings that every objective of values has. */
export const valueSettings = {
  /** When values are asked for: "decision": once, as the circuit's decision reports them; "steps": at every time step. */
  time: z.enum(["decision", "steps"]).default("decision"),
  /** What the values are measured in, such as "deg", for tables and figures; absent: they have no unit. */
  unit: z.string().optional(),
};

/** A loss of one value and its target. */
export interface UnitLoss {
  /** Unit of the loss, for axes and tables: "deg^2". */
  readonly lossUnit: string;
  /** Settings of the objective. */
  readonly time: "decision" | "steps";
  readonly unit?: string | undefined;
  /** Loss of each value, element by element, [batch, units]. */
  loss(values: Tensor, target: Tensor): Tensor;
  /** Its slope along the values, element by element, [batch, units]. */
  slope(values: Tensor, target: Tensor): Tensor;
}

/**
 * Reporting values: the mean over units u and, where they are asked for at every time step, over steps t, weighted as the
 * task says,
 *
 *   loss = sum over t, u of w(t, u) l(y(t, u), target(t, u)) / sum over t, u of w(t, u),
 *
 * of any loss l of one value. Values of weight 0 are not asked, and have no influence; where the task gives no weights, all
 * count the same. Where it gives one target for the trial, that is asked for at each step. Where a circuit reports several
 * targets, it is the mean over them.
 *
 * Metrics are R^2, the share of the variance of targets (about each unit's mean over all samples and steps, summed over
 * units) that is explained, and the mean absolute error.
 */
export function unitLoss(of: UnitLoss): Omit<Objective, "name" | "refuse"> {
  const { lossUnit, unit = "", time } = of;
  return {
    unit: lossUnit,
    metrics: metricsOfValues(unit),
    asks: ({ reports }) => ({
      targets: reports.map(({ index }) => ({
        report: index,
        kind: "values",
        time: time === "steps" ? "steps" : "once",
      })),
    }),
    idle: (batch, _presentation, network) => asksNothing(batch, network),
    memories: () => ({}),
    prepare: (trace, network, given) => judgeValues(of, trace, network, given),
  };
}

function judgeValues(of: UnitLoss, trace: Trace, network: Network, given: Given): (activity: Activity) => Judgement {
  const { reports, steps } = network;
  const times = of.time === "steps" ? Array.from({ length: steps }, (_, step) => step) : [undefined];
  const targets = reports.map(({ index, units }) => targetInputs(trace, given, index, { units }, times.length));
  return (activity) => {
    const questions = times.flatMap((step) =>
      network
        .decide(trace, activity, step)
        .map((report, place) => askForValues(of, reports[place]!.index, report, targets[place]!, step ?? 0)),
    );
    const outputs =
      of.time === "decision" ? questions.map(({ index, report }) => [valuesOutput(index), report.scores]) : [];
    return { ...judgeQuestions(questions), outputs: Object.fromEntries(outputs), memories: new Map() };
  };
}

/** Name of the output of an evaluation that holds the values of a report, [batch, units], where they are asked for once. */
export const valuesOutput = (report: number): string => (report === 0 ? "values" : `values/${report}`);

function askForValues(
  { loss, slope }: UnitLoss,
  index: number,
  report: Report,
  target: TargetInputs,
  step: number,
): Question {
  const [values, wanted, weights] = [report.scores, target.values(step), target.weights?.(step)];
  const [batch, units] = values.shape as [number, number];
  const weighed = (all: Tensor) => (weights ? weighValues({ values: all, weights }).result : all);
  /** Mean over the units of a target, [batch]. */
  const mean = (all: Tensor) => {
    if (all.shape[1] === 1) return reshape(all, [batch]);
    const { sums } = sumPositions({ values: reshape(all, [batch, all.shape[1]!, 1]) });
    return scale({ values: reshape(sums, [batch]) }, { factor: 1 / all.shape[1]! }).result;
  };
  const error = subtract({ left: values, right: wanted }).result;
  const square = (all: Tensor) => multiply({ left: all, right: all }).result;
  return {
    index,
    report,
    loss: mean(weighed(tensorOf("loss", loss(values, wanted)))),
    ...(weights && { asked: mean(weights) }),
    sums: {
      absoluteError: mean(weighed(penalty({ values: error }, { l1: 1, l2: 0 }).result)),
      [partOfVariance("residual", index)]: weighed(square(error)),
      [partOfVariance("target", index)]: weighed(wanted),
      [partOfVariance("targetSquare", index)]: weighed(square(wanted)),
      [partOfVariance("weight", index)]: weights ?? ones({ like: values }, { shape: [batch, 1] }).result,
    },
    error: (scales) =>
      scaleRows({ values: weighed(tensorOf("slope", slope(values, wanted))), scales }, { factor: 1 / units }).result,
  };
}

const metricsOfValues = (unit: string): Metrics => ({
  r2: {
    unit: "",
    better: "more",
    of: "variance of targets that is explained",
    label: "R\u00b2",
    value: explainedVariance,
  },
  absoluteError: meanOfValues(unit),
});

const meanOfValues = (unit: string): Metric => ({ unit, better: "less", of: "absolute errors" });

/** Name of a sum that the explained variance of a report's values is made of, unit by unit. */
const partOfVariance = (name: "residual" | "target" | "targetSquare" | "weight", report: number): string =>
  `${name}${report}`;

/** 1 - (squared errors) / (squares of targets about each unit's mean), over all reports; NaN where targets do not vary. */
function explainedVariance(sums: Sums): number {
  let [residual, variance, squares] = [0, 0, 0];
  for (const name of Object.keys(sums)) {
    const [, report, column] = /^residual(\d+)(\/\d+)?$/.exec(name) ?? [];
    if (report === undefined) continue;
    const of = (part: Parameters<typeof partOfVariance>[0]) => {
      const sum = partOfVariance(part, Number(report));
      return sums[`${sum}${column ?? ""}`] ?? sums[sum]!;
    };
    const weight = of("weight");
    residual += of("residual");
    squares += of("targetSquare");
    if (weight > 0) variance += of("targetSquare") - of("target") ** 2 / weight;
  }
  // Targets are of single precision: what varies less than that does not vary.
  return variance > 1e-6 * squares ? 1 - residual / variance : Number.NaN;
}

/** What a user's function gave may be anything, such as all outputs of a kernel. */
function tensorOf(what: string, given: Tensor): Tensor {
  const { shape } = (given ?? {}) as Partial<Tensor>;
  if (shape !== undefined) return given;
  throw new DescriptionError(`unitLoss: ${what} gives no tensor; return kernel({ values, target }).result`);
}
