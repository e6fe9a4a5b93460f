import fc from "fast-check";
import type { Kernel } from "../../src/compute/kernel.ts";
import { type Shape, sizeOf } from "../../src/compute/shape.ts";
import type { KernelsOf } from "../oracles/kernels-oracle.ts";

/** An argument of a kernel. */
export interface Drawn {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** A call of a kernel whose shapes fit. */
export interface KernelCase<Input extends string = string, Attributes = object> {
  readonly inputs: Readonly<Record<Input, Drawn>>;
  readonly attributes: Attributes;
}

/** Cases for every kernel that a module exports; a kernel without them does not compile. */
export type CasesOf<Module> = {
  readonly [Name in KernelsOf<Module>]: Module[Name] extends Kernel<
    infer Input,
    infer _Output,
    infer Attributes,
    object
  >
    ? fc.Arbitrary<KernelCase<Input, Attributes>>
    : never;
};

/** Sizes around the four lanes of a vector instruction, most of them not multiples of it. */
export const size = fc.integer({ min: 1, max: 7 });

export const shapeOf = (rank: number): fc.Arbitrary<number[]> => fc.array(size, { minLength: rank, maxLength: rank });

/** Any shape that a kernel of a flat launch takes. */
export const anyShape: fc.Arbitrary<number[]> = fc
  .integer({ min: 1, max: 4 })
  .chain((rank) => fc.array(fc.integer({ min: 1, max: rank === 4 ? 4 : 7 }), { minLength: rank, maxLength: rank }));

/** Multiples of 1/64 up to 8: float32 adds and multiplies a few of them without rounding, in any order. */
export const gridValue = fc.integer({ min: -512, max: 512 }).map((value) => value / 64);

/** Numbers of full precision; no subnormal ones, which WebGPU takes for 0. */
const anyNumber = fc.float({ min: -8, max: 8, noNaN: true }).map((drawn) => (Math.abs(drawn) < 2 ** -126 ? 0 : drawn));

/** Values that round, values that do not, and zeros of both signs. */
export const value = fc.oneof(gridValue, anyNumber, fc.constantFrom(0, -0, 1, -1));

export function drawn(shape: Shape, element: fc.Arbitrary<number> = value): fc.Arbitrary<Drawn> {
  const length = sizeOf(shape);
  return fc
    .array(element, { minLength: length, maxLength: length })
    .map((values) => ({ shape, values: Float32Array.from(values) }));
}

/** A case without attributes from the arbitraries of its inputs. */
export function inputsOnly<Input extends string>(
  inputs: Readonly<Record<Input, fc.Arbitrary<Drawn>>>,
): fc.Arbitrary<KernelCase<Input, object>> {
  return withAttributes(inputs, fc.constant({}));
}

export function withAttributes<Input extends string, Attributes>(
  inputs: Readonly<Record<Input, fc.Arbitrary<Drawn>>>,
  attributes: fc.Arbitrary<Attributes>,
): fc.Arbitrary<KernelCase<Input, Attributes>> {
  return fc.record({
    inputs: fc.record(inputs as Record<string, fc.Arbitrary<Drawn>>) as fc.Arbitrary<Record<Input, Drawn>>,
    attributes,
  });
}

/** The case with a NaN or an infinity put somewhere into one of the named inputs. */
export function withSpecialValue(cases: fc.Arbitrary<KernelCase>, into: readonly string[]): fc.Arbitrary<KernelCase> {
  const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  return fc.tuple(cases, fc.constantFrom(...into), fc.nat(), special).map(([given, input, where, put]) => {
    const { shape, values } = given.inputs[input]!;
    const changed = Float32Array.from(values, (kept, index) => (index === where % values.length ? put : kept));
    return { ...given, inputs: { ...given.inputs, [input]: { shape, values: changed } } };
  });
}
