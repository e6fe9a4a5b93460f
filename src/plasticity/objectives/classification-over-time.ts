import type { Activity } from "../../circuits/activity.ts";
import type { Report } from "../../circuits/decision.ts";
import type { Network } from "../../circuits/network.ts";
import { wrongDecision } from "../../compute/kernels/decision.ts";
import { multiply } from "../../compute/kernels/pointwise.ts";
import { latestAsked, shareOf } from "../../compute/kernels/weighting.ts";
import { reshape, type Tensor, type Trace } from "../../compute/trace.ts";
import { askForClass } from "./classification.ts";
import { errorMetric, type Metrics, meanOf } from "./metric.ts";
import { defineObjective, type Given, type Judgement } from "./objective.ts";
import { askedOnAverage, judgeQuestions, meanOfTensors } from "./question.ts";
import { asksNothing, type TargetInputs, targetInputs } from "./target-inputs.ts";

/**
 * Naming the class at every time step: softmax cross-entropy of what the circuit reports at each, weighted as the task says,
 *
 *   loss = sum over steps t of w(t) (-log softmax(y(t))[label(t)]) / sum over steps of w(t),
 *
 * whose gradient at the scores of a step is w(t) (softmax(y(t)) - onehot(label(t))) over the sum of weights. Steps of weight
 * 0 are not asked, and have no influence; where the task gives no weights, all steps count the same. Where it gives one
 * label for the trial, that is asked for at each step. Where a circuit reports several targets, it is the mean over them.
 *
 * A network that always fixates is right at most steps of most tasks. So the error is of trials: one is wrong where the
 * decision at its last step that is asked is wrong. stepError is the weighted share of all steps.
 */
export const classificationOverTime = defineObjective({
  kind: "classification-over-time",
  summary: "name the class at every time step that is asked: softmax cross-entropy",
  build: () => ({
    unit: "nats",
    metrics,
    idle: (batch, _presentation, network) => asksNothing(batch, network),
    learned: ({ asked, wrongTrials }) => asked! > 0 && wrongTrials === 0,
    asks: ({ reports }) => ({ targets: reports.map(({ index }) => ({ report: index, kind: "class", time: "steps" })) }),
    memories: () => ({}),
    prepare: (trace, network, given) => judgeSteps(trace, network, given),
  }),
});

const metrics: Metrics = {
  error: {
    ...errorMetric,
    of: "trials that are decided wrongly at the last time step that is asked",
    // Where all steps are asked, so are all trials.
    value: ({ wrongTrials, trials, asked }) => wrongTrials! / (trials ?? asked!),
  },
  stepError: {
    unit: "share",
    better: "less",
    of: "wrong decisions at time steps that are asked",
    value: (sums) => meanOf("wrong", sums),
  },
};

function judgeSteps(trace: Trace, network: Network, given: Given): (activity: Activity) => Judgement {
  const { steps, reports } = network;
  const targets = reports.map(({ index, units }) => targetInputs(trace, given, index, { classes: units }, steps));
  return (activity) => {
    const moments = Array.from({ length: steps }, (_, step) => network.decide(trace, activity, step));
    const byReport = reports.map(({ index }, place) => {
      const target = targets[place]!;
      const said = moments.map((report) => report[place]!);
      const questions = said.map((report, step) =>
        askForClass(index, report, target.values(step), target.weights?.(step)),
      );
      return { questions, ...ofTrials(said, target, askedOnAverage(questions, questions[0]!.loss)) };
    });
    const judged = judgeQuestions(byReport.flatMap(({ questions }) => questions));
    const trials = askedOnAverage(
      byReport.map((each) => ({ asked: each.trials })),
      judged.loss,
    );
    return {
      ...judged,
      sums: {
        ...judged.sums,
        wrongTrials: meanOfTensors(byReport.map(({ wrong }) => wrong)),
        ...(trials && { trials }),
      },
      outputs: {},
      memories: new Map(),
    };
  };
}

/**
 * Which trials are decided wrongly at the last step that is asked, [batch], and, where not all steps are asked, of which
 * trials any is, [batch].
 *
 * @param asked how much is asked of each sample on average over the steps; undefined: all
 */
function ofTrials(said: readonly Report[], { values, weights }: TargetInputs, asked: Tensor | undefined) {
  const wrongs = said.map(({ scores }, step) => wrongDecision({ scores, labels: values(step) }).wrong);
  if (!weights || !asked) return { wrong: wrongs.at(-1)! };
  const last = wrongs.reduce(
    (before, now, step) => latestAsked({ before, now, weights: reshape(weights(step), now.shape) }).result,
  );
  const trials = shareOf({ part: asked, whole: asked }).result;
  return { wrong: multiply({ left: last, right: trials }).result, trials };
}
