import { ShapeError } from "../../kinds/errors.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { describeShape, expectRank, expectShape, type Shape } from "../shape.ts";

type Classes = KernelThread<"classes">;

function inferScores(name: string, scores: Shape, perSample: Readonly<Record<string, Shape>>) {
  expectRank(name, "scores", scores, 2);
  const [batch, classes] = scores as [number, number];
  if (classes < 2)
    throw new ShapeError(`${name}: "scores" has shape ${describeShape(scores)}; a decision needs at least 2 classes`);
  for (const [argument, shape] of Object.entries(perSample)) expectShape(name, argument, shape, [batch]);
  return { batch, classes };
}

/**
 * Error vector of softmax cross-entropy, weighted per sample:
 * error[b, c] = weights[b] (softmax(scores[b])_c - [labels[b] = c]). With weights 1/n it is the gradient of the mean loss.
 * At the label it is computed as minus the share of all others, which keeps its digits where the decision is sure.
 */
export const softmaxError = defineKernel({
  name: "softmax-error",
  family: "error",
  inputs: ["scores", "labels", "weights"],
  launch: "shaped",
  outputs: {
    error: {
      reads: ["scores", "labels", "weights"],
      body: function (this: Classes, scores: KernelValues, labels: KernelValues, weights: KernelValues) {
        const row = this.thread.y * this.constants.classes;
        let largest = scores[row]!;
        for (let c = 1; c < this.constants.classes; c++) {
          largest = Math.max(largest, scores[row + c]!);
        }
        let others = 0;
        for (let c = 0; c < this.constants.classes; c++) {
          others += Math.abs(c - this.thread.x) < 0.5 ? 0 : Math.exp(scores[row + c]! - largest);
        }
        const own = Math.exp(scores[row + this.thread.x]! - largest);
        const apart = Math.abs(labels[this.thread.y]! - this.thread.x) < 0.5 ? -others : own;
        return weights[this.thread.y]! * (apart / (own + others));
      },
    },
  },
  infer({ scores, labels, weights }) {
    const { batch, classes } = inferScores("softmax-error", scores, { labels, weights });
    return { shapes: { error: scores }, constants: { classes }, flops: batch * classes * (5 * classes + 3) };
  },
});

/**
 * loss[b] = log sum_c exp(scores[b, c]) - scores[b, labels[b]], in nats: log(1 + r) for what the largest score is above the
 * others, r = sum of their exp(scores - largest), and what it is above the label's. Both parts are at least 0, so that
 * the loss of a sure decision keeps its digits; up to r = 1 the logarithm is 2 artanh(r / (2 + r)), by its series.
 */
export const crossEntropy = defineKernel({
  name: "cross-entropy",
  family: "error",
  inputs: ["scores", "labels"],
  launch: "shaped",
  outputs: {
    loss: {
      reads: ["scores", "labels"],
      body: function (this: Classes, scores: KernelValues, labels: KernelValues) {
        const row = this.thread.x * this.constants.classes;
        let largest = scores[row]!;
        let first = 0;
        for (let c = 1; c < this.constants.classes; c++) {
          if (scores[row + c]! > largest) {
            largest = scores[row + c]!;
            first = c;
          }
        }
        let others = 0;
        for (let c = 0; c < this.constants.classes; c++) {
          others += Math.abs(c - first) < 0.5 ? 0 : Math.exp(scores[row + c]! - largest);
        }
        const s = others / (2 + others);
        const q = s * s;
        const series = 1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13)))));
        const above = others < 1 ? 2 * s * series : Math.log(1 + others);
        return above + (largest - scores[row + Math.floor(labels[this.thread.x]! + 0.5)]!);
      },
    },
  },
  infer({ scores, labels }) {
    const { batch, classes } = inferScores("cross-entropy", scores, { labels });
    return { shapes: { loss: [batch] }, constants: { classes }, flops: batch * (4 * classes + 18) };
  },
});

/** wrong[b] = 0 where the largest score (the first of equal ones) is the label's, else 1; scores that are NaN are wrong. */
export const wrongDecision = defineKernel({
  name: "wrong-decision",
  family: "error",
  inputs: ["scores", "labels"],
  launch: "shaped",
  outputs: {
    wrong: {
      reads: ["scores", "labels"],
      body: function (this: Classes, scores: KernelValues, labels: KernelValues) {
        const row = this.thread.x * this.constants.classes;
        const label = labels[this.thread.x]!;
        const own = scores[row + Math.floor(label + 0.5)]!;
        let beaten = 0;
        for (let c = 0; c < this.constants.classes; c++) {
          const score = scores[row + c]!;
          if (c < label - 0.5) {
            beaten += own > score ? 1 : 0;
          } else {
            beaten += own >= score ? 1 : 0;
          }
        }
        // Counted this way round, a comparison with NaN counts against the decision.
        return beaten > this.constants.classes - 0.5 ? 0 : 1;
      },
    },
  },
  infer({ scores, labels }) {
    const { batch, classes } = inferScores("wrong-decision", scores, { labels });
    return { shapes: { wrong: [batch] }, constants: { classes }, flops: batch * classes };
  },
});
