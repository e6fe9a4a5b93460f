import fc from "fast-check";
import type * as contraction from "../../src/compute/kernels/contraction.ts";
import type * as dale from "../../src/compute/kernels/dale.ts";
import type * as decision from "../../src/compute/kernels/decision.ts";
import type * as direction from "../../src/compute/kernels/direction.ts";
import type * as gain from "../../src/compute/kernels/gain.ts";
import type * as gainError from "../../src/compute/kernels/gain-error.ts";
import type * as gate from "../../src/compute/kernels/gate.ts";
import type * as hold from "../../src/compute/kernels/hold.ts";
import type * as optimiser from "../../src/compute/kernels/optimiser.ts";
import type * as pointwise from "../../src/compute/kernels/pointwise.ts";
import type * as reduction from "../../src/compute/kernels/reduction.ts";
import type * as scaling from "../../src/compute/kernels/scaling.ts";
import type * as threshold from "../../src/compute/kernels/threshold.ts";
import {
  anyShape,
  type CasesOf,
  type Drawn,
  drawn,
  gridValue,
  inputsOnly,
  shapeOf,
  size,
  withAttributes,
} from "./kernels-values.ts";

type Vector = [number, number, number];
const three = shapeOf(3) as fc.Arbitrary<Vector>;

/** Batch, dimension, positions of a map (often one) and the period of what all positions share. */
const periodic = fc.tuple(size, size, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 })), size);

const pair = (shape: number[]) => inputsOnly({ left: drawn(shape), right: drawn(shape) });
const product = (left: (a: Vector) => number[], right: (a: Vector) => number[]) =>
  three.chain((sizes) => inputsOnly({ left: drawn(left(sizes)), right: drawn(right(sizes)) }));

export const contractionCases: CasesOf<typeof contraction> = {
  multiplyMatrices: product(
    ([m, _n, k]) => [m, k],
    ([_m, n, k]) => [k, n],
  ),
  multiplyByTranspose: product(
    ([m, _n, k]) => [m, k],
    ([_m, n, k]) => [n, k],
  ),
  multiplyTransposed: product(
    ([m, _n, k]) => [k, m],
    ([_m, n, k]) => [k, n],
  ),
};

export const pointwiseCases: CasesOf<typeof pointwise> = {
  add: anyShape.chain(pair),
  subtract: anyShape.chain(pair),
  multiply: anyShape.chain(pair),
  addBias: periodic.chain(([b, k, positions, period]) =>
    inputsOnly({ drive: drawn([b, k, positions * period]), bias: drawn([k, period]) }),
  ),
  ones: fc
    .tuple(anyShape, anyShape)
    .chain(([like, shape]) => withAttributes({ like: drawn(like) }, fc.constant({ shape }))),
};

const factors = fc.constantFrom(-1, 0, 0.5, 1, 1e-3, 1e4).map((factor) => ({ factor }));

export const scalingCases: CasesOf<typeof scaling> = {
  addScaled: anyShape.chain((shape) => withAttributes({ left: drawn(shape), right: drawn(shape) }, factors)),
  scale: anyShape.chain((shape) => withAttributes({ values: drawn(shape) }, factors)),
  leak: anyShape.chain((shape) =>
    withAttributes(
      { previous: drawn(shape), rates: drawn(shape) },
      fc.constantFrom(0, 0.1, 0.5, 1).map((rate) => ({ rate })),
    ),
  ),
  scaleRows: shapeOf(2).chain((shape) => withAttributes({ values: drawn(shape), scales: drawn([shape[0]!]) }, factors)),
};

const anyValues = anyShape.chain((shape) => inputsOnly({ values: drawn(shape) }));

const slopes = fc.constantFrom(0.05, 0.3, 1e-3, 0.9).map((slope) => ({ slope }));

export const gainCases: CasesOf<typeof gain> = {
  relu: anyValues,
  leakyRelu: anyShape.chain((shape) => withAttributes({ values: drawn(shape) }, slopes)),
  alternatingRelu: anyValues,
  tanh: anyValues,
  sigmoid: anyValues,
  softplus: anyValues,
};

const errorAndRates = anyShape.chain((shape) => inputsOnly({ error: drawn(shape), rates: drawn(shape) }));

export const gainErrorCases: CasesOf<typeof gainError> = {
  reluError: errorAndRates,
  leakyReluError: anyShape.chain((shape) => withAttributes({ error: drawn(shape), rates: drawn(shape) }, slopes)),
  alternatingReluError: anyShape.chain((shape) => inputsOnly({ error: drawn(shape), drive: drawn(shape) })),
  tanhError: errorAndRates,
  sigmoidError: errorAndRates,
  softplusError: errorAndRates,
};

export const thresholdCases: CasesOf<typeof threshold> = {
  binarise: anyShape.chain((shape) =>
    withAttributes(
      { rates: drawn(shape) },
      fc.constantFrom(-1, 0, 0.5).map((threshold) => ({ threshold })),
    ),
  ),
  binariseSlope: anyShape.chain((shape) =>
    withAttributes(
      { rates: drawn(shape) },
      fc.record({ threshold: fc.constantFrom(-1, 0, 0.5), sharpness: fc.constantFrom(1, 10, 25) }),
    ),
  ),
  // Of few different scores, some equal the threshold.
  keepAbove: anyShape.chain((shape) =>
    inputsOnly({ values: drawn(shape), scores: drawn(shape, gridValue), threshold: drawn([1], gridValue) }),
  ),
};

/** Weights of one set or of several, as many inhibitory units as there may be. */
export const daleCases: CasesOf<typeof dale> = {
  restoreDale: fc.oneof(shapeOf(2), shapeOf(3)).chain((shape) => {
    const pre = shape.at(-1)!;
    return withAttributes(
      { weight: drawn(shape) },
      fc.integer({ min: 0, max: pre }).map((inhibitoryFrom) => ({ pre, inhibitoryFrom })),
    );
  }),
};

export const gateCases: CasesOf<typeof gate> = {
  // A sum that float32 rounds could fall on the other side of 0; on the grid it is exact, and 0 itself is drawn.
  vectorGateMask: periodic.chain(([b, k, positions, period]) =>
    inputsOnly({
      drive: drawn([b, k, positions * period], gridValue),
      gatingVectors: drawn([k, period], fc.oneof(fc.constantFrom(-1, 1), gridValue)),
    }),
  ),
  applyGate: three.chain(([b, k, n]) =>
    inputsOnly({ values: drawn([b, k, n]), mask: drawn([b, n], fc.oneof(fc.constantFrom(0, 1), gridValue)) }),
  ),
  spreadVector: three.chain(([b, k, n]) => inputsOnly({ vector: drawn([b, k]), scale: drawn([b, n]) })),
  projectOnVector: three.chain(([b, k, n]) => inputsOnly({ rates: drawn([b, k, n]), vector: drawn([b, k]) })),
};

/** A population and a table of rows, one of which is read. */
const atRow = fc
  .tuple(three, fc.integer({ min: 1, max: 3 }), fc.nat(2))
  .map(([sizes, rows, row]) => ({ sizes, rows, row: row % rows }));
const heldUnits = fc.constantFrom(0, 1);

export const holdCases: CasesOf<typeof hold> = {
  holdRates: atRow.chain(({ sizes: [b, k, n], rows, row }) =>
    withAttributes(
      { rates: drawn([b, k, n]), held: drawn([rows, n], heldUnits), values: drawn([rows, k, n]) },
      fc.constant({ row }),
    ),
  ),
  stopErrors: atRow.chain(({ sizes: [b, k, n], rows, row }) =>
    withAttributes({ error: drawn([b, k, n]), held: drawn([rows, n], heldUnits) }, fc.constant({ row })),
  ),
  addRow: atRow.chain(({ sizes: [b, k, n], rows, row }) =>
    withAttributes({ drive: drawn([b, k, n]), added: drawn([rows, k, n]) }, fc.constant({ row })),
  ),
};

const decisions = fc.tuple(size, fc.integer({ min: 2, max: 7 }));
/** Few different scores, so that some are equal. */
const scores = (shape: number[]) => drawn(shape, fc.oneof(fc.integer({ min: -2, max: 2 }), gridValue));
const labels = (batch: number, classes: number) => drawn([batch], fc.integer({ min: 0, max: classes - 1 }));

export const decisionCases: CasesOf<typeof decision> = {
  softmaxError: decisions.chain(([batch, classes]) =>
    inputsOnly({ scores: scores([batch, classes]), labels: labels(batch, classes), weights: drawn([batch]) }),
  ),
  crossEntropy: decisions.chain(([batch, classes]) =>
    inputsOnly({ scores: scores([batch, classes]), labels: labels(batch, classes) }),
  ),
  wrongDecision: decisions.chain(([batch, classes]) =>
    inputsOnly({ scores: scores([batch, classes]), labels: labels(batch, classes) }),
  ),
};

export const reductionCases: CasesOf<typeof reduction> = {
  rowProducts: shapeOf(2).chain(pair),
  sumPositions: shapeOf(3).chain((shape) => inputsOnly({ values: drawn(shape) })),
  rowSignAgreements: shapeOf(2).chain(pair),
};

/** Magnitudes over the whole range of normal numbers, and 0. */
const magnitude = fc.oneof(
  fc.constant(0),
  fc
    .tuple(fc.integer({ min: -126, max: 126 }), fc.float({ min: 1, max: 2, noNaN: true }))
    .map(([exponent, mantissa]) => mantissa * 2 ** exponent),
);

export const directionCases: CasesOf<typeof direction> = {
  rowLargest: shapeOf(2).chain((shape) => inputsOnly({ values: drawn(shape) })),
  scaleToOne: inputsOnly({ largest: drawn([1], magnitude) }),
  rowSquares: shapeOf(2).chain((shape) => inputsOnly({ values: drawn(shape), factors: drawn([2]) })),
  scaleToLength: inputsOnly({ factors: drawn([2]), squares: drawn([1], gridValue.map(Math.abs)) }),
  rowDirections: shapeOf(2).chain((shape) =>
    inputsOnly({ left: drawn(shape), right: drawn(shape), leftFactors: drawn([2]), rightFactors: drawn([2]) }),
  ),
};

const largest = 3.4e38;
const bounds = fc.constantFrom(
  { minimum: -largest, maximum: largest },
  { minimum: 0, maximum: largest },
  { minimum: -largest, maximum: 0 },
  { minimum: -1, maximum: 0.5 },
);
const fraction = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
/** Step sizes and the like. */
const schedule = (...entries: fc.Arbitrary<number>[]): fc.Arbitrary<Drawn> =>
  fc.tuple(...entries).map((values) => ({ shape: [entries.length], values: Float32Array.from(values) }));

export const optimiserCases: CasesOf<typeof optimiser> = {
  sgdStep: anyShape.chain((shape) =>
    withAttributes({ weight: drawn(shape), gradient: drawn(shape), schedule: schedule(fraction) }, bounds),
  ),
  momentumStep: anyShape.chain((shape) =>
    withAttributes(
      { weight: drawn(shape), gradient: drawn(shape), velocity: drawn(shape), schedule: schedule(fraction) },
      fc.tuple(bounds, fraction).map(([bound, momentum]) => ({ ...bound, momentum })),
    ),
  ),
  adamStep: anyShape.chain((shape) =>
    withAttributes(
      {
        weight: drawn(shape),
        gradient: drawn(shape),
        firstMoment: drawn(shape),
        secondMoment: drawn(shape, gridValue.map(Math.abs)),
        schedule: schedule(fraction, fc.integer({ min: 1, max: 30 }), fraction, fc.constant(0)),
      },
      fc
        .record({
          bound: bounds,
          beta1: fc.constantFrom(0, 0.5, 0.9),
          beta2: fc.constantFrom(0.5, 0.99, 0.999),
          epsilon: fc.constantFrom(1e-8, 1e-3),
          decayIndex: fc.constantFrom(2 as const, 3 as const),
        })
        .map(({ bound, ...rest }) => ({ ...bound, ...rest })),
    ),
  ),
};
