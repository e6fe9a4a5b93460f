import type { PopulationState } from "../../circuits/activity.ts";
import type { Report } from "../../circuits/decision.ts";
import { add, ones } from "../../compute/kernels/pointwise.ts";
import { scale } from "../../compute/kernels/scaling.ts";
import { shareOf, weighValues } from "../../compute/kernels/weighting.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { addError, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { ErrorVector, Judgement } from "./objective.ts";

/** One question to a circuit: what it reports of one target, at its decision or at one time step, and what that costs. */
export interface Question {
  /** Index of the report. */
  readonly index: number;
  readonly report: Report;
  /** Loss of each sample times how much is asked of it, [batch]. */
  readonly loss: Tensor;
  /** How much is asked of each sample, [batch]; absent: 1. */
  readonly asked?: Tensor;
  /** What metrics are made of, times how much is asked, [batch] or [batch, n]; the mean over questions of one name. */
  readonly sums: Readonly<Record<string, Tensor>>;
  /**
   * Gradient of sum_b scales[b] loss[b] at the report's scores, [batch, units].
   *
   * @param scales [batch]
   */
  error(scales: Tensor): Tensor;
}

/**
 * Judges an activity by the mean over questions:
 *
 *   loss_b = sum over questions of loss_b,q / sum over questions of asked_b,q.
 */
export function judgeQuestions(questions: readonly Question[]): Pick<Judgement, "loss" | "asked" | "sums" | "error"> {
  const total = meanOfTensors(questions.map(({ loss }) => loss));
  const asked = askedOnAverage(questions, total);
  const names = new Set(questions.flatMap(({ sums }) => Object.keys(sums)));
  return {
    loss: asked ? shareOf({ part: total, whole: asked }).result : total,
    ...(asked && { asked }),
    sums: Object.fromEntries(
      [...names].map((name) => [name, meanOfTensors(questions.flatMap(({ sums }) => sums[name] ?? []))]),
    ),
    error(weights) {
      const scales = divided(asked ? shareOf({ part: weights, whole: asked }).result : weights, questions.length);
      const states = new Map<PopulationState, PostsynapticError>();
      const vectors = questions.map(({ index, report, error }): ErrorVector => {
        const vector = error(scales);
        for (const [state, own] of report.share(vector)) addError(states, state, own);
        return { report: index, steps: report.steps, error: vector };
      });
      return { vectors, states };
    },
  };
}

/** How much is asked of each sample on average over some questions, [batch]; undefined where none has weights. */
export function askedOnAverage(
  questions: readonly { readonly asked?: Tensor | undefined }[],
  like: Tensor,
): Tensor | undefined {
  if (questions.every(({ asked }) => asked === undefined)) return undefined;
  const all = () => ones({ like }, { shape: like.shape }).result;
  return meanOfTensors(questions.map(({ asked }) => asked ?? all()));
}

/** The mean of tensors of one shape, element by element. */
export function meanOfTensors(all: readonly Tensor[]): Tensor {
  const [first, ...others] = all as [Tensor, ...Tensor[]];
  // A target that is given once is the same tensor at every step.
  if (others.every(({ id }) => id === first.id)) return first;
  return divided(
    others.reduce((left, right) => add({ left, right }).result, first),
    all.length,
  );
}

const divided = (values: Tensor, by: number): Tensor =>
  by === 1 ? values : scale({ values }, { factor: 1 / by }).result;

/** Values [batch] times how much is asked of each sample, [batch, 1]; the values themselves where all is asked. */
export function weighed(values: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined) return values;
  const column = reshape(values, weights.shape);
  return reshape(weighValues({ values: column, weights }).result, values.shape);
}
