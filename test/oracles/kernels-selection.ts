import type * as selection from "../../src/compute/kernels/selection.ts";
import type * as target from "../../src/compute/kernels/target.ts";
import type * as weighting from "../../src/compute/kernels/weighting.ts";
import { at, axis, type NumberArray, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";

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
