import type { PopulationState } from "../../circuits/activity.ts";
import { crossEntropy, softmaxError, wrongDecision } from "../../compute/kernels/decision.ts";
import { add } from "../../compute/kernels/pointwise.ts";
import { scale } from "../../compute/kernels/scaling.ts";
import type { Tensor } from "../../compute/trace.ts";
import { type PostsynapticError, sumOfErrors } from "../../neurons/postsynaptic-error.ts";
import { defineObjective, type Objective } from "./objective.ts";

/** Name of the plan input that holds the class of each sample, [batch], to be reported as the target of an index. */
export const labelsName = (target: number): string => (target === 0 ? "labels" : `labels/${target}`);

/**
 * Names of the outputs of an evaluation for the target of an index: its scores, [batch, classes], and, where a circuit
 * reports several targets, whether it is named wrongly, [batch].
 */
export const scoresName = (target: number): string => (target === 0 ? "scores" : `scores/${target}`);
export const wrongName = (target: number): string => `wrong/${target}`;

/**
 * Naming the class: softmax cross-entropy of what the circuit reports, loss = -log softmax(y)[label] (the mean over targets
 * where it reports several), whose gradient at the scores is e = softmax(y) - onehot(label).
 */
export const namingClasses: Objective = {
  name: "classification",
  unit: "nats",
  refuse: () => undefined,
  memories: () => ({}),
  prepare(trace, network, batch) {
    const labels = Array.from({ length: network.reports }, (_, target) =>
      trace.input(labelsName(target), [batch], { below: network.classes }),
    );
    const mean = (values: readonly Tensor[]) => {
      const sum = values.reduce((left, right) => add({ left, right }).result);
      return values.length === 1 ? sum : scale({ values: sum }, { factor: 1 / values.length }).result;
    };
    return (activity) => {
      const reports = network.decide(trace, activity);
      const pairs = reports.map(({ scores }, target) => ({ scores, labels: labels[target]! }));
      const wrong = pairs.map((pair) => wrongDecision(pair).wrong);
      return {
        loss: mean(pairs.map((pair) => crossEntropy(pair).loss)),
        wrong: mean(wrong),
        outputs: Object.fromEntries([
          ...pairs.map(({ scores }, target) => [scoresName(target), scores]),
          ...(wrong.length > 1 ? wrong.map((each, target) => [wrongName(target), each]) : []),
        ]),
        memories: new Map(),
        error(weights) {
          const factor = 1 / pairs.length;
          const weighted = factor === 1 ? weights : scale({ values: weights }, { factor }).result;
          const vectors = pairs.map((pair) => softmaxError({ ...pair, weights: weighted }).error);
          const states = new Map<PopulationState, PostsynapticError>();
          for (const [target, report] of reports.entries())
            for (const [state, error] of report.share(vectors[target]!)) {
              const known = states.get(state);
              states.set(state, known ? sumOfErrors([known, error]) : error);
            }
          return { vectors, states };
        },
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
