import fc from "fast-check";
import { multiplyTransposed } from "../../../src/compute/kernels/contraction.ts";
import { spreadVector } from "../../../src/compute/kernels/gate.ts";
import { adamStep, momentumStep, sgdStep } from "../../../src/compute/kernels/optimiser.ts";
import { add } from "../../../src/compute/kernels/pointwise.ts";
import type { Shape } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { asItIs, type Called } from "./called.ts";

/** One optimiser step along a sum over the batch. */
export const drawnUpdate = fc.record({
  batch: fc.integer({ min: 1, max: 70 }),
  dimension: fc.integer({ min: 1, max: 4 }),
  units: fc.integer({ min: 1, max: 40 }),
  // Around the width from which a product's left operand is transposed first.
  columns: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(63, 64, 65, 130)),
  left: fc.constantFrom("spread", "values"),
  /** What the sum is over: samples, or samples and components, for weights that all components share. */
  over: fc.constantFrom("samples", "samples", "samples and components"),
  optimiser: fc.constantFrom("sgd", "momentum", "adam"),
  alsoRead: fc.constantFrom("nothing", "nothing", "nothing", "gradient", "spread"),
});
export type DrawnUpdate = typeof drawnUpdate extends fc.Arbitrary<infer T> ? T : never;

export const updateBounds = { minimum: 0, maximum: 2 };

const residents = ["weight", "first", "second"] as const;

const weightShape = ({ dimension, units, columns, over }: DrawnUpdate): Shape =>
  over === "samples" ? [dimension, units, columns] : [units, columns];

export const residentsOfUpdate = (drawn: DrawnUpdate, called: Called = asItIs): Readonly<Record<string, Shape>> =>
  Object.fromEntries(residents.map((name) => [called(name), weightShape(drawn)]));

/** As rules and optimisers trace it. */
export function traceUpdate(trace: Trace, drawn: DrawnUpdate, called: Called = asItIs): void {
  const { batch, dimension, units, columns, left, over, optimiser, alsoRead } = drawn;
  const rows = over === "samples" ? batch : batch * dimension;
  const input = (name: string, shape: Shape) => trace.input(called(name), shape);
  const assign = (name: string, tensor: Tensor) => trace.assign(called(name), tensor);
  const spread = () =>
    spreadVector({ vector: input("vector", [batch, dimension]), scale: input("scale", [batch, units]) }).result;
  const errors = left === "spread" ? spread() : input("errors", [batch, dimension, units]);
  const product = multiplyTransposed({
    left: reshape(errors, [rows, (batch * dimension * units) / rows]),
    right: input("rates", [rows, columns]),
  }).product;
  const gradient = reshape(product, weightShape(drawn));
  const schedule = input("schedule", [optimiser === "adam" ? 4 : 1]);
  const [weight, first, second] = residents.map((name) => trace.resident(called(name))) as [Tensor, Tensor, Tensor];
  if (optimiser === "sgd") assign("weight", sgdStep({ weight, gradient, schedule }, updateBounds).weight);
  if (optimiser === "momentum") {
    const moved = momentumStep({ weight, gradient, velocity: first, schedule }, { ...updateBounds, momentum: 0.5 });
    assign("weight", moved.weight);
    assign("first", moved.velocity);
  }
  if (optimiser === "adam") {
    const moments = { firstMoment: first, secondMoment: second };
    const attributes = { ...updateBounds, beta1: 0.5, beta2: 0.75, epsilon: 0.125, decayIndex: 3 as const };
    const moved = adamStep({ weight, gradient, ...moments, schedule }, attributes);
    assign("weight", moved.weight);
    assign("first", moved.firstMoment);
    assign("second", moved.secondMoment);
  }
  if (alsoRead === "gradient") trace.output(called("also"), gradient);
  if (alsoRead === "spread") trace.output(called("also"), add({ left: errors, right: errors }).result);
}
