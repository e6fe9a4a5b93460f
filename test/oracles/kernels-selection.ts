import type * as penalty from "../../src/compute/kernels/penalty.ts";
import type * as selection from "../../src/compute/kernels/selection.ts";
import type * as target from "../../src/compute/kernels/target.ts";
import type * as weighting from "../../src/compute/kernels/weighting.ts";
import { at, axis, elementwise, type NumberArray, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

const row = (array: NumberArray, index: number): number[] =>
  Array.from({ length: axis(array, 1) }, (_, column) => at(array, index, column));

/** Errors of values against a target. */
export const targetOracles: OraclesOf<typeof target> = {
  squaredError: ({ values, target: wanted }) => ({
    sums: tabulate([axis(values, 0)], (b) => sum(axis(values, 1), (n) => (at(values, b!, n) - at(wanted, b!, n)) ** 2)),
  }),
  squaredErrorGradient: ({ values, target: wanted, weights }, { factor }) => ({
    result: tabulate(values.shape, (b, n) => factor * at(weights, b!) * (at(values, b!, n!) - at(wanted, b!, n!))),
  }),
};

/** Weights of means over samples. */
export const weightingOracles: OraclesOf<typeof weighting> = {
  weighAsked: ({ weights, asked }) => {
    const total = sum(axis(weights, 0), (b) => at(weights, b) * at(asked, b));
    return {
      result: tabulate(weights.shape, (b) => (total > 0 ? (at(weights, b!) * at(asked, b!)) / total : 0)),
    };
  },
  weighValues: ({ values, weights }) => ({
    result: tabulate(values.shape, (b, n) => {
      const weight = at(weights, b!, axis(weights, 1) === 1 ? 0 : n!);
      return weight === 0 ? 0 : weight * at(values, b!, n!);
    }),
  }),
  shareOf: ({ part, whole }) => ({ result: elementwise([part, whole], (a, b) => (b > 0 ? a / b : 0)) }),
  latestAsked: ({ before, now, weights }) => ({
    result: elementwise([before, now, weights], (old, recent, weight) => (weight === 0 ? old : recent)),
  }),
};

/** What values cost by how large they are. */
export const penaltyOracles: OraclesOf<typeof penalty> = {
  penalty: ({ values }, { l1, l2 }) => ({
    result: elementwise([values], (value) => l1 * Math.abs(value) + l2 * value ** 2),
  }),
  penaltySlope: ({ values }, { l1, l2 }) => ({
    result: elementwise([values], (value) => l1 * Math.sign(value) + 2 * l2 * value),
  }),
};

/** Choices among readouts and among objects. */
export const selectionOracles: OraclesOf<typeof selection> = {
  largerMaximum: ({ left, right }) => {
    const surer = (b: number) => Math.max(...row(right, b)) > Math.max(...row(left, b));
    return {
      result: tabulate(left.shape, (b, c) => at(surer(b!) ? right : left, b!, c!)),
      tookRight: tabulate([axis(left, 0)], (b) => Number(surer(b!))),
    };
  },
  objectDistances: ({ values, objects }) => ({
    distances: tabulate([axis(objects, 0), axis(objects, 1)], (b, n) =>
      sum(axis(objects, 2), (i) => (at(values, b!, i) - at(objects, b!, n!, i)) ** 2),
    ),
  }),
  chooseObject: ({ distances, taken }) => ({
    chosen: tabulate(distances.shape, (b, n) => {
      const free = row(taken, b!).flatMap((isTaken, index) => (isTaken > 0.5 ? [] : [index]));
      const nearest = Math.min(...free.map((index) => at(distances, b!, index)));
      return Number(free.find((index) => at(distances, b!, index) === nearest) === n);
    }),
  }),
  pickRows: ({ objects, chosen }) => ({
    result: tabulate([axis(objects, 0), axis(objects, 2)], (b, i) =>
      sum(axis(objects, 1), (n) => at(chosen, b!, n) * at(objects, b!, n, i!)),
    ),
  }),
};
