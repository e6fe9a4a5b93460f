import fc from "fast-check";

/** Every float32, each exponent as often, subnormal ones, infinities and NaN among them. */
export const anyFloat: fc.Arbitrary<number> = fc.oneof(
  fc.integer().map((bits) => new Float32Array(Int32Array.of(bits).buffer)[0]!),
  fc.float(),
  fc.constantFrom(0, -0, 1, -1, 3.4e38, -3.4e38),
);

export const finiteFloat: fc.Arbitrary<number> = anyFloat.map((value) => (Number.isFinite(value) ? value : 1));

/** Those whose squares, and sums of products of two, are numbers. */
export const summableFloat: fc.Arbitrary<number> = anyFloat.map((value) => (Math.abs(value) < 2 ** 60 ? value : 1));

/** The smallest normal number: below it there are fewer digits. */
export const smallestNormal: number = 2 ** -126;

/** Whether two results have the same bits, but for those of NaN and the sign of zeros. */
export const isSame = (value: number, wanted: number): boolean =>
  value === wanted || (Number.isNaN(value) && Number.isNaN(wanted));
