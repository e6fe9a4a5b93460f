import * as z from "zod";
import type { PopulationState } from "../../circuits/activity.ts";
import type { Network } from "../../circuits/network.ts";
import { add, ones } from "../../compute/kernels/pointwise.ts";
import { scale } from "../../compute/kernels/scaling.ts";
import { shareOf, weighValues } from "../../compute/kernels/weighting.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { described } from "../../kinds/described.ts";
import type { Part } from "../../kinds/kind.ts";
import { positiveSingle } from "../../kinds/single-precision.ts";
import { addError, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import { type Metric, type Metrics, metricValue, type Sums } from "./metric.ts";
import { defineObjective, type Judgement, type Objective, type ReportedErrors } from "./objective.ts";

const Several = z.strictObject({
  /** Objectives by the names that their metrics begin with. */
  of: z
    .record(
      z.string(),
      z.strictObject({
        objective: described("objective"),
        /** Index of the report that it judges, which is that of its target; absent: its place in this list. */
        report: z.int().min(0).optional(),
        /** Of its loss in the sum. */
        weight: positiveSingle.default(1),
      }),
    )
    .refine((of) => Object.keys(of).length > 0, "expected at least one objective")
    .refine(
      (of) => Object.keys(of).every((name) => /^[a-z][A-Za-z0-9]*$/.test(name)),
      "expected names that start with a small letter and go on with letters and digits",
    ),
});

type PartSettings = z.output<typeof Several>["of"][string];

/** One of several objectives. */
interface Judge {
  readonly name: string;
  readonly report: number;
  readonly weight: number;
  readonly objective: Objective;
}

/**
 * Several targets at once, each with an objective, a report of the circuit and a weight of its own:
 *
 *   loss = sum over parts p of weight_p loss_p.
 *
 * Where not all parts are asked of all samples, it is the mean over what is asked, times the sum of weights: with a_p how
 * much of part p is asked of a sample, loss = (sum_p weight_p) sum_p weight_p a_p loss_p / sum_p weight_p a_p.
 *
 * A circuit makes several reports by decision module "each", whose readouts may be of different sizes, or by several
 * targets. Metrics and losses of parts go by the part's name before their own: choiceError, choiceLoss.
 *
 * Settings: of, by name: objective, report (its place), weight (1).
 */
export const several = defineObjective({
  kind: "several",
  summary: "several targets at once, each with an objective and a weight",
  settings: Several,
  refuse({ of }, network, library) {
    for (const [place, [name, part]] of Object.entries(of).entries()) {
      const report = part.report ?? place;
      if (report >= network.reports.length)
        return `of, ${name}: there is no report ${report}, the circuit makes ${network.reports.length}; give one from 0 to ${network.reports.length - 1}, or let the decision make more`;
      const reason = library.refuse("objective", part.objective as Part, reporting(network, report));
      if (reason !== undefined) return `of, ${name}: ${reason}`;
    }
    return undefined;
  },
  build({ of }, library) {
    const judges = Object.entries(of).map(
      ([name, part]: [string, PartSettings], place): Judge => ({
        name,
        report: part.report ?? place,
        weight: part.weight,
        objective: library.build("objective", part.objective as Part, undefined),
      }),
    );
    return combined(judges);
  },
});

function combined(judges: readonly Judge[]): Omit<Objective, "name" | "refuse"> {
  const total = judges.reduce((sum, { weight }) => sum + weight, 0);
  const penalised = judges.flatMap(({ weight, objective: { weightPenalty } }) =>
    weightPenalty ? [{ l1: weight * weightPenalty.l1, l2: weight * weightPenalty.l2 }] : [],
  );
  const teachable = judges.every(({ objective }) => objective.learned);
  const idle = judges.every(({ objective }) => objective.idle);
  return {
    unit: judges
      .map(({ weight, objective }) => (weight === 1 ? objective.unit : `${weight} x ${objective.unit}`))
      .join(" + "),
    metrics: Object.assign({}, ...judges.map(metricsOfPart)) as Metrics,
    asks(network) {
      const asked = judges.map(({ report, objective }) => objective.asks(reporting(network, report)));
      return {
        targets: asked.flatMap(({ targets }) => targets),
        context: Object.assign({}, ...asked.map(({ context }) => context)) as Record<string, number>,
      };
    },
    ...(teachable && {
      learned: (sums: Sums) => judges.every(({ name, objective }) => objective.learned!(sumsOfPart(name, sums))),
    }),
    ...(idle && {
      idle: (batch, presentation, network) =>
        judges.every(({ report, objective }) => objective.idle!(batch, presentation, reporting(network, report))),
    }),
    ...(penalised.length > 0 && {
      weightPenalty: penalised.reduce((one, other) => ({ l1: one.l1 + other.l1, l2: one.l2 + other.l2 })),
    }),
    memories: (network, batch) =>
      Object.assign(
        {},
        ...judges.map(({ report, objective }) => objective.memories(reporting(network, report), batch)),
      ),
    prepare(trace, network, given) {
      const prepared = judges.map((judge) => ({
        ...judge,
        judge: judge.objective.prepare(trace, reporting(network, judge.report), given),
      }));
      return (activity) =>
        combine(
          prepared.map(({ name, weight, judge }) => ({ name, share: weight / total, judgement: judge(activity) })),
          total,
        );
    },
  };
}

/** What one of several objectives says, and its share of the sum of weights. */
interface Verdict {
  readonly name: string;
  readonly share: number;
  readonly judgement: Judgement;
}

function combine(verdicts: readonly Verdict[], total: number): Judgement {
  const { loss: like } = verdicts[0]!.judgement;
  const scaled = (values: Tensor, factor: number) => (factor === 1 ? values : scale({ values }, { factor }).result);
  const sum = (all: readonly Tensor[]) => all.reduce((left, right) => add({ left, right }).result);
  const weighed = verdicts.some(({ judgement }) => judgement.asked);
  const all = weighed ? ones({ like }, { shape: like.shape }).result : undefined;
  const parts = verdicts.map(({ name, share, judgement }) => {
    const asked = all && (judgement.asked ?? all);
    return { name, share, judgement, asked, loss: asked ? times(judgement.loss, asked) : judgement.loss };
  });
  const asked = all && sum(parts.map((part) => scaled(part.asked!, part.share)));
  const loss = scaled(sum(parts.map((part) => scaled(part.loss, part.share))), total);
  return {
    loss: asked ? shareOf({ part: loss, whole: asked }).result : loss,
    ...(asked && { asked }),
    sums: Object.fromEntries(
      parts.flatMap((part) => [
        [`${part.name}/loss`, part.loss],
        ...(part.asked ? [[`${part.name}/asked`, part.asked]] : []),
        ...Object.entries(part.judgement.sums).map(([name, values]) => [`${part.name}/${name}`, values]),
      ]),
    ),
    outputs: Object.assign({}, ...verdicts.map(({ judgement }) => judgement.outputs)) as Record<string, Tensor>,
    memories: new Map(verdicts.flatMap(({ judgement }) => [...judgement.memories])),
    error(weights) {
      const ofAsked = asked ? shareOf({ part: weights, whole: asked }).result : weights;
      return addUp(
        parts.map(({ share, judgement, asked: own }) =>
          judgement.error(scaled(own ? times(ofAsked, own) : ofAsked, share * total)),
        ),
      );
    },
  };
}

/** Errors of several objectives at once. */
function addUp(all: readonly ReportedErrors[]): ReportedErrors {
  const states = new Map<PopulationState, PostsynapticError>();
  const costs = new Map<PopulationState, PostsynapticError>();
  for (const each of all) {
    for (const [state, error] of each.states) addError(states, state, error);
    for (const [state, error] of each.costs ?? []) addError(costs, state, error);
  }
  return { vectors: all.flatMap(({ vectors }) => vectors), states, costs };
}

/** Values [batch] times how much is asked, [batch]. */
function times(values: Tensor, asked: Tensor): Tensor {
  const column = (tensor: Tensor) => reshape(tensor, [tensor.shape[0]!, 1]);
  return reshape(weighValues({ values: column(values), weights: column(asked) }).result, values.shape);
}

/** A network that makes one of its reports alone. */
function reporting(network: Network, report: number): Network {
  return {
    ...network,
    reports: network.reports.slice(report, report + 1),
    decide: (trace, activity, step) => network.decide(trace, activity, step).slice(report, report + 1),
  };
}

/** "choiceError" of the error of a part. */
const nameOfPart = (part: string, name: string): string => `${part}${name[0]!.toUpperCase()}${name.slice(1)}`;

/** Sums of a part, by the names that it gives them. */
function sumsOfPart(part: string, sums: Sums): Sums {
  const prefix = `${part}/`;
  const own = Object.entries(sums).flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
  );
  return { asked: sums.asked!, ...Object.fromEntries(own) };
}

/** Metrics of a part, and its loss, by their names among those of all parts. */
function metricsOfPart({ name: part, objective }: Judge): Metrics {
  const own = Object.entries(objective.metrics).map(([name, metric]): [string, Metric] => [
    nameOfPart(part, name),
    {
      ...metric,
      of: `${metric.of} of ${part}`,
      ...(metric.label !== undefined && { label: `${part} ${metric.label}` }),
      value: (sums) => metricValue(name, metric, sumsOfPart(part, sums)) ?? Number.NaN,
    },
  ]);
  const loss: Metric = {
    unit: objective.unit,
    better: "less",
    of: `losses of ${part}`,
    value: (sums) => metricValue("loss", { unit: "", better: "less", of: "" }, sumsOfPart(part, sums)) ?? Number.NaN,
  };
  return Object.fromEntries([...own, [nameOfPart(part, "loss"), loss]]);
}
