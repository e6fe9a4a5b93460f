import fc from "fast-check";
import type * as modulation from "../../src/compute/kernels/modulation.ts";
import type * as penalty from "../../src/compute/kernels/penalty.ts";
import type * as selection from "../../src/compute/kernels/selection.ts";
import type * as target from "../../src/compute/kernels/target.ts";
import type * as weighting from "../../src/compute/kernels/weighting.ts";
import {
  anyShape,
  type CasesOf,
  drawn,
  gridValue,
  inputsOnly,
  shapeOf,
  size,
  withAttributes,
} from "./kernels-values.ts";

const binary = fc.constantFrom(0, 1);
const strengths = fc.constantFrom(0, 0.2, 0.9, 1).map((strength) => ({ strength }));

export const modulationCases: CasesOf<typeof modulation> = {
  modulate: anyShape.chain((shape) => withAttributes({ rates: drawn(shape), signal: drawn(shape) }, strengths)),
  modulationSlope: anyShape.chain((shape) => withAttributes({ error: drawn(shape), rates: drawn(shape) }, strengths)),
  inhibitReturn: anyShape.chain((shape) =>
    inputsOnly({ rates: drawn(shape), inhibition: drawn(shape, fc.oneof(binary, gridValue)) }),
  ),
  // Sums on the grid are exact on either side of 1/2.
  markAttended: anyShape.chain((shape) =>
    withAttributes(
      { inhibition: drawn(shape, fc.oneof(binary, gridValue)), signal: drawn(shape, gridValue) },
      fc.constantFrom(-1, 0, 0.5).map((threshold) => ({ threshold })),
    ),
  ),
};

/** Rows long enough for several vectors, and for what is left of the last. */
const rows = fc.tuple(size, fc.integer({ min: 1, max: 19 }));
const objects = fc.tuple(size, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 13 }));
/** Few different values, so that some are equal. */
const contested = fc.oneof(fc.integer({ min: -2, max: 2 }), gridValue);

export const targetCases: CasesOf<typeof target> = {
  squaredError: rows.chain((shape) => inputsOnly({ values: drawn(shape), target: drawn(shape) })),
  squaredErrorGradient: rows.chain((shape) =>
    withAttributes(
      { values: drawn(shape), target: drawn(shape), weights: drawn([shape[0]]) },
      fc.constantFrom(-1, 0, 2, 1000).map((factor) => ({ factor })),
    ),
  ),
};

/** Weights as batches have them: none is negative, padding has none, and nothing may be asked at all. */
const weight = fc.constantFrom(0, 0.125, 0.25, 1);
export const weightingCases: CasesOf<typeof weighting> = {
  weighAsked: size.chain((samples) =>
    inputsOnly({ weights: drawn([samples], weight), asked: drawn([samples], fc.oneof(binary, weight)) }),
  ),
  weighValues: fc
    .tuple(rows, fc.boolean())
    .chain(([[batch, units], each]) =>
      inputsOnly({ values: drawn([batch, units]), weights: drawn([batch, each ? units : 1], weight) }),
    ),
  shareOf: anyShape.chain((shape) => inputsOnly({ part: drawn(shape), whole: drawn(shape, weight) })),
  latestAsked: anyShape.chain((shape) =>
    inputsOnly({ before: drawn(shape), now: drawn(shape), weights: drawn(shape, weight) }),
  ),
};

const penalties = fc.record({ l1: fc.constantFrom(0, 0.5, 1), l2: fc.constantFrom(0, 0.25, 2) });
export const penaltyCases: CasesOf<typeof penalty> = {
  penalty: anyShape.chain((shape) => withAttributes({ values: drawn(shape) }, penalties)),
  penaltySlope: anyShape.chain((shape) => withAttributes({ values: drawn(shape) }, penalties)),
};

export const selectionCases: CasesOf<typeof selection> = {
  largerMaximum: shapeOf(2).chain((shape) =>
    inputsOnly({ left: drawn(shape, contested), right: drawn(shape, contested) }),
  ),
  objectDistances: objects.chain(([batch, count, units]) =>
    inputsOnly({ values: drawn([batch, units]), objects: drawn([batch, count, units]) }),
  ),
  chooseObject: shapeOf(2).chain((shape) =>
    inputsOnly({ distances: drawn(shape, contested), taken: drawn(shape, binary) }),
  ),
  pickRows: objects.chain(([batch, count, units]) =>
    inputsOnly({
      objects: drawn([batch, count, units]),
      chosen: drawn([batch, count], fc.oneof(binary, gridValue)),
    }),
  ),
};
