import type * as decision from "../../src/compute/kernels/decision.ts";
import { at, axis, type NumberArray, type OraclesOf, tabulate } from "./kernels-oracle.ts";

function row(scores: NumberArray, sample: number): number[] {
  return Array.from({ length: axis(scores, 1) }, (_, c) => at(scores, sample, c));
}

/** How much the other scores weigh beside one, sum_i exp(scores[i] - scores[c]): differences stay in the range of exp. */
function oddsAgainst(scores: readonly number[], c: number): number {
  return scores.reduce((sum, score, i) => (i === c ? sum : sum + Math.exp(score - scores[c]!)), 0);
}

/** Errors and losses of a readout with one score a class. */
export const decisionOracles: OraclesOf<typeof decision> = {
  softmaxError: ({ scores, labels, weights }) => ({
    error: tabulate(scores.shape, (b, c) => {
      const odds = oddsAgainst(row(scores, b!), c!);
      const chance = 1 / (1 + odds);
      return at(weights, b!) * (c === at(labels, b!) ? -odds * chance : chance);
    }),
  }),
  crossEntropy: ({ scores, labels }) => ({
    loss: tabulate([axis(scores, 0)], (b) => Math.log1p(oddsAgainst(row(scores, b!), at(labels, b!)))),
  }),
  wrongDecision: ({ scores, labels }) => ({
    wrong: tabulate([axis(scores, 0)], (b) => {
      const given = row(scores, b!);
      if (given.some(Number.isNaN)) return 1;
      return Number(given.indexOf(Math.max(...given)) !== at(labels, b!));
    }),
  }),
};
