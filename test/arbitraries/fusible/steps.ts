import fc from "fast-check";
import { multiplyByTranspose, multiplyMatrices, multiplyTransposed } from "../../../src/compute/kernels/contraction.ts";
import { relu, sigmoid, softplus, tanh } from "../../../src/compute/kernels/gain.ts";
import { reluError, sigmoidError, tanhError } from "../../../src/compute/kernels/gain-error.ts";
import { add, addBias, multiply, ones, subtract } from "../../../src/compute/kernels/pointwise.ts";
import { addScaled, leak, scale, scaleRows } from "../../../src/compute/kernels/scaling.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { asItIs, type Called } from "./called.ts";

/** Steps of populations of some units at a batch: each reads values that came before, in the shapes that they have here. */
const kinds = [
  ...["drive", "sent back", "update", "weighted update", "add", "add", "multiply", "subtract", "bias", "vector bias"],
  ...[
    "relu",
    "tanh",
    "sigmoid",
    "relu error",
    "tanh error",
    "sigmoid error",
    "scale",
    "add scaled",
    "leak",
    "scale rows",
  ],
  ...["itself twice", "softplus", "repeating bias", "bias update", "rows by a product"],
] as const;

const drawnStep = fc.record({
  kind: fc.constantFrom(...kinds),
  /** Which of the values before, counted from the last. */
  first: fc.nat({ max: 3 }),
  second: fc.nat({ max: 6 }),
  alsoRead: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
export const drawnSteps = fc.record({
  batch: fc.integer({ min: 1, max: 9 }),
  dimension: fc.integer({ min: 1, max: 3 }),
  units: fc.integer({ min: 1, max: 9 }),
  steps: fc.array(drawnStep, { minLength: 1, maxLength: 14 }),
});
export type DrawnSteps = typeof drawnSteps extends fc.Arbitrary<infer T> ? T : never;

export const residentsOfSteps = (
  { batch, dimension, units }: DrawnSteps,
  called: Called = asItIs,
): Readonly<Record<string, Shape>> => ({ [called("kept")]: [batch, dimension * units] });

/** Values of [batch, dimension * units] that follow from one another, and sums over the batch that nothing reads. */
export function traceSteps(
  trace: Trace,
  { batch, dimension, units, steps }: DrawnSteps,
  called: Called = asItIs,
): void {
  const across = dimension * units;
  const shared = (name: string, shape: Shape) => trace.sharedInput(called(name), shape);
  const output = (name: string, tensor: Tensor) => trace.output(called(name), tensor);
  const flat = (tensor: Tensor) => reshape(tensor, [batch, across]);
  const shaped = (tensor: Tensor) => reshape(tensor, [batch, dimension, units]);
  const values: Tensor[] = [trace.input(called("stimuli"), [batch, dimension, units]), trace.resident(called("kept"))];
  const updates: Tensor[] = [];
  for (const [index, { kind, first, second, alsoRead }] of steps.entries()) {
    const [a, b] = [first, second].map((back) => values[Math.max(0, values.length - 1 - back)]!) as [Tensor, Tensor];
    const both = { left: shaped(a), right: shaped(b) };
    const weights = () => shared(`weights ${second % 2}`, [across, across]);
    const made = {
      drive: () => multiplyByTranspose({ left: flat(a), right: weights() }).product,
      "sent back": () => multiplyMatrices({ left: flat(a), right: weights() }).product,
      update: () => multiplyTransposed({ left: flat(a), right: flat(b) }).product,
      "weighted update": () =>
        multiply({ left: multiplyTransposed({ left: flat(a), right: flat(b) }).product, right: weights() }).result,
      add: () => add(both).result,
      multiply: () => multiply({ left: flat(a), right: flat(b) }).result,
      subtract: () => subtract(both).result,
      bias: () => {
        const drive = reshape(a, [batch, 1, across]);
        return addBias({ drive, bias: shared("bias", [1, across]) }).result;
      },
      "vector bias": () => addBias({ drive: shaped(a), bias: shared("vector bias", [dimension, units]) }).result,
      "repeating bias": () => {
        const drive = reshape(a, [batch, 1, across]);
        return addBias({ drive, bias: shared("repeating bias", [1, units]) }).result;
      },
      "bias update": () => {
        const right = ones({ like: a }, { shape: [batch, 1] }).result;
        return multiplyTransposed({ left: flat(a), right }).product;
      },
      "rows by a product": () => {
        const right = shared("column", [across, 1]);
        const scales = reshape(multiplyMatrices({ left: flat(b), right }).product, [batch]);
        return scaleRows({ values: flat(a), scales }, { factor: 2 }).result;
      },
      relu: () => relu({ values: a }).result,
      tanh: () => tanh({ values: shaped(a) }).result,
      sigmoid: () => sigmoid({ values: a }).result,
      "relu error": () => reluError({ error: flat(a), rates: flat(b) }).result,
      "tanh error": () => tanhError({ error: shaped(a), rates: shaped(b) }).result,
      "sigmoid error": () => sigmoidError({ error: flat(a), rates: flat(b) }).result,
      scale: () => scale({ values: a }, { factor: 0.5 }).result,
      "add scaled": () => addScaled(both, { factor: -0.25 }).result,
      leak: () => leak({ previous: flat(a), rates: flat(b) }, { rate: 0.75 }).result,
      "scale rows": () => scaleRows({ values: flat(a), scales: shared("scales", [batch]) }, { factor: 0.5 }).result,
      "itself twice": () => {
        const { product } = multiplyByTranspose({ left: flat(a), right: weights() });
        return add({ left: product, right: product }).result;
      },
      softplus: () => softplus({ values: a }).result,
    }[kind]();
    // Values stay small, so that tanh and products of products do not lose what is to be compared.
    if (sizeOf(made.shape) === sizeOf(shaped(a).shape) && !kind.endsWith("update")) values.push(made);
    else updates.push(made);
    if (alsoRead) output(`also ${index}`, made);
  }
  updates.forEach((update, index) => {
    output(`update ${index}`, update);
  });
  output("last", values.at(-1)!);
  trace.assign(called("kept"), values.at(-1)!);
}
