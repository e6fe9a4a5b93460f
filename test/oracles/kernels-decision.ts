import type * as decision from "../../src/compute/kernels/decision.ts";
import { at, axis, type NumberArray, type OraclesOf, tabulate } from "./kernels-oracle.ts";

function row(scores: NumberArray, sample: number): number[] {
  return Array.from({ length: axis(scores, 1) }, (_, c) => at(scores, sample, c));
}

/** Without the shift by the largest score: the arbitraries keep exp in range. */
function softmax(scores: readonly number[]): number[] {
  const exponentials = scores.map(Math.exp);
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / total);
}

/** Errors and losses of a readout with one score a class. */
export const decisionOracles: OraclesOf<typeof decision> = {
  softmaxError: ({ scores, labels, weights }) => ({
    error: tabulate(scores.shape, (b, c) => {
      const expected = c === at(labels, b!) ? 1 : 0;
      return at(weights, b!) * (softmax(row(scores, b!))[c!]! - expected);
    }),
  }),
  crossEntropy: ({ scores, labels }) => ({
    loss: tabulate([axis(scores, 0)], (b) => -Math.log(softmax(row(scores, b!))[at(labels, b!)]!)),
  }),
  wrongDecision: ({ scores, labels }) => ({
    wrong: tabulate([axis(scores, 0)], (b) => {
      const given = row(scores, b!);
      if (given.some(Number.isNaN)) return 1;
      return Number(given.indexOf(Math.max(...given)) !== at(labels, b!));
    }),
  }),
};
