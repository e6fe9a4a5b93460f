import { defineKernel, type Kernel, type KernelValues } from "../kernel.ts";
import type { KernelDeclaration } from "../kernel-declaration.ts";
import { expectShape, type Shape, sizeOf } from "../shape.ts";

/**
 * Shape rule of kernels whose element i of `result` depends on element i of each input: all inputs are of one shape.
 *
 * @param operations floating-point operations an element; a transcendental function counts as 1
 * @throws ShapeError naming the first input that has another shape than the first of all
 */
export function inferElementwise(
  name: string,
  operations: number,
  shapes: Readonly<Record<string, Shape>>,
  constants: Readonly<Record<string, number>> = {},
) {
  const [[, result], ...others] = Object.entries(shapes) as [[string, Shape], ...[string, Shape][]];
  for (const [input, shape] of others) expectShape(name, input, shape, result);
  return { shapes: { result }, constants, flops: operations * sizeOf(result) };
}

/** What `this` is in the body of an element-wise kernel: its element is `thread.y * constants.columns + thread.x`. */
export interface ElementThread<Constant extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constant | "columns", number>>;
}

/**
 * Declares a kernel whose element i of `result` depends on element i of each input:
 *
 * ```ts
 * const absoluteError = defineElementwise({
 *   name: "absolute-error", inputs: ["values", "target"], operations: 2,
 *   body: function (values, target) {
 *     const i = this.thread.y * this.constants.columns + this.thread.x;
 *     return Math.abs(values[i]! - target[i]!);
 *   },
 * });
 * absoluteError({ values, target }).result;
 * ```
 *
 * @param definition its name, which must be new; its inputs, in the order of the body's arguments; constants that a call
 *   gives and the body reads from `this.constants`; floating-point operations an element; and the body, which GPU.js
 *   compiles from its source text
 */
export function defineElementwise<Input extends string, Constant extends string = never>({
  name,
  inputs,
  constants = [],
  operations,
  family = "pointwise",
  body,
}: {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly constants?: readonly Constant[];
  readonly operations: number;
  readonly family?: KernelDeclaration["family"];
  readonly body: (this: ElementThread<Constant>, ...values: KernelValues[]) => number;
}): Kernel<Input, "result", Readonly<Record<Constant, number>>> {
  return defineKernel<Input, "result", Readonly<Record<Constant, number>>>({
    name,
    family,
    inputs,
    launch: "flat",
    outputs: { result: { reads: inputs, body } },
    infer(shapes, attributes) {
      const given = Object.fromEntries(constants.map((constant) => [constant, attributes[constant]]));
      return inferElementwise(name, operations, shapes, given as Readonly<Record<string, number>>);
    },
  });
}
