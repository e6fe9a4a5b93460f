import type { Kernel } from "../../src/compute/kernel.ts";
import { type Shape, sizeOf } from "../../src/compute/shape.ts";

/** A tensor of the oracles: read by its indices, never by a flat one, so that strides are worked out a second time. */
export interface NumberArray {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** What a kernel must answer, in float64 and row-major, written without a look at its body. */
export type Oracle<Input extends string, Output extends string, Attributes> = (
  inputs: Readonly<Record<Input, NumberArray>>,
  attributes: Attributes,
) => Readonly<Record<Output, Float64Array>>;

/** Names under which a module exports kernels. */
export type KernelsOf<Module> = {
  [Name in keyof Module]: Module[Name] extends { readonly declaration: unknown } ? Name : never;
}[keyof Module];

/** One oracle for every kernel that a module exports; a kernel without one does not compile. */
export type OraclesOf<Module> = {
  readonly [Name in KernelsOf<Module>]: Module[Name] extends Kernel<infer Input, infer Output, infer Attributes, object>
    ? Oracle<Input, Output, Attributes>
    : never;
};

/** The element at the given indices. */
export function at({ shape, values }: NumberArray, ...indices: number[]): number {
  let flat = 0;
  shape.forEach((size, axis) => {
    flat = flat * size + indices[axis]!;
  });
  return values[flat]!;
}

/** A row-major array of a function of its indices. */
export function tabulate(shape: Shape, value: (...indices: number[]) => number): Float64Array {
  return Float64Array.from({ length: sizeOf(shape) }, (_, flat) => {
    let rest = flat;
    const indices = shape.toReversed().map((size) => {
      const index = rest % size;
      rest = (rest - index) / size;
      return index;
    });
    return value(...indices.reverse());
  });
}

/** One function applied to the elements of arrays of one shape. */
export function elementwise(arrays: readonly NumberArray[], value: (...elements: number[]) => number): Float64Array {
  return Float64Array.from(arrays[0]!.values, (_, index) => value(...arrays.map(({ values }) => values[index]!)));
}

export function sum(count: number, term: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < count; index++) total += term(index);
  return total;
}

/** A size of an array: axis 0 is the slowest. */
export function axis({ shape }: NumberArray, number: number): number {
  return shape[number]!;
}
