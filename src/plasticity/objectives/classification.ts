import type { Report } from "../../circuits/decision.ts";
import { crossEntropy, softmaxError, wrongDecision } from "../../compute/kernels/decision.ts";
import { reshape, type Tensor } from "../../compute/trace.ts";
import { errorMetric } from "./metric.ts";
import { defineObjective, type Objective } from "./objective.ts";
import { judgeQuestions, type Question, weighed } from "./question.ts";
import { asksNothing, targetInputs } from "./target-inputs.ts";

/**
 * Names of the outputs of an evaluation for the target of an index: its scores, [batch, classes], and, where a circuit
 * reports several targets, whether it is named wrongly, [batch].
 */
export const scoresName = (target: number): string => (target === 0 ? "scores" : `scores/${target}`);
export const wrongName = (target: number): string => `wrong/${target}`;

/**
 * Naming the class: softmax cross-entropy of what the circuit reports, loss = -log softmax(y)[label], whose gradient at the
 * scores is e = softmax(y) - onehot(label). Where a circuit reports several targets, it is the mean over them, weighted
 * where the task weights its targets.
 */
export const namingClasses: Objective = {
  name: "classification",
  unit: "nats",
  metrics: { error: errorMetric },
  idle: (batch, _presentation, network) => asksNothing(batch, network),
  learned: ({ asked, wrong }) => asked! > 0 && wrong === 0,
  asks: ({ reports }) => ({ targets: reports.map(({ index }) => ({ report: index, kind: "class", time: "once" })) }),
  refuse: () => undefined,
  memories: () => ({}),
  prepare(trace, network, given) {
    const targets = network.reports.map(({ index, units }) => targetInputs(trace, given, index, { classes: units }, 1));
    return (activity) => {
      const reports = network.decide(trace, activity);
      const questions = reports.map((report, place) => {
        const { values, weights } = targets[place]!;
        return askForClass(network.reports[place]!.index, report, values(0), weights?.(0));
      });
      const several = questions.length > 1;
      return {
        ...judgeQuestions(questions),
        outputs: Object.fromEntries(
          questions.flatMap(({ index, report, sums }) => [
            [scoresName(index), report.scores],
            ...(several ? [[wrongName(index), sums.wrong!]] : []),
          ]),
        ),
        memories: new Map(),
      };
    };
  },
};

/** The kind of `namingClasses`. */
export const classification = defineObjective({
  kind: "classification",
  summary: "name the class: softmax cross-entropy of what the circuit reports",
  build: () => namingClasses,
});

/**
 * Asks for a class: the loss is softmax cross-entropy, and `sums.wrong` counts wrong decisions.
 *
 * @param labels [batch]
 * @param weights how much is asked of each sample, [batch, 1]; absent: 1
 */
export function askForClass(index: number, report: Report, labels: Tensor, weights: Tensor | undefined): Question {
  const pair = { scores: report.scores, labels };
  return {
    index,
    report,
    loss: weighed(crossEntropy(pair).loss, weights),
    ...(weights && { asked: reshape(weights, labels.shape) }),
    sums: { wrong: weighed(wrongDecision(pair).wrong, weights) },
    error: (scales) => softmaxError({ ...pair, weights: weighed(scales, weights) }).error,
  };
}
