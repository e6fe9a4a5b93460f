import { expect } from "vitest";
import type { KernelCase } from "../arbitraries/kernels-values.ts";
import type { Oracle } from "../oracles/kernels-oracle.ts";

/** Of the largest magnitude in play; float32 itself rounds at 6e-8. */
const tolerance = 1e-6;

/**
 * GPUs may take numbers below the smallest normal one, 2^-126, for 0, on the way to a result too, where a number is halved or
 * divided a few times: what is lost is some small multiple of it.
 */
const lostToZero = 2 ** -120;

type Arrays = Readonly<Record<string, ArrayLike<number>>>;

function largest(arrays: Arrays): number {
  let found = 0;
  for (const values of Object.values(arrays))
    for (const value of Array.from(values)) if (Number.isFinite(value)) found = Math.max(found, Math.abs(value));
  return found;
}

/**
 * Magnitude against which a kernel's rounding is judged: what goes in, what comes out, and what came out if all inputs
 * were positive, since terms that cancel still round.
 */
export function magnitudeOf(oracle: Oracle<string, string, object>, { inputs, attributes }: KernelCase): number {
  const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.values]));
  const positive = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, { ...input, values: input.values.map(Math.abs) }]),
  );
  return Math.max(largest(values), largest(oracle(inputs, attributes)), largest(oracle(positive, attributes)));
}

/** NaN and infinities must be the same, all else within float32 rounding. */
export function expectClose(actual: Arrays, expected: Arrays, magnitude: number): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    const given = Array.from(actual[name]!);
    const wanted = Array.from(values, Math.fround);
    const agrees =
      given.length === wanted.length &&
      given.every((value, index) => {
        const target = wanted[index]!;
        return Object.is(value, target) || Math.abs(value - target) <= tolerance * magnitude + lostToZero;
      });
    if (!agrees) expect({ [name]: given }).toEqual({ [name]: wanted });
  }
}
