import fc from "fast-check";
import { expect, test } from "vitest";
import { openSimd } from "../../../src/compute/accelerators/simd/open-simd.ts";

/** Room for static data of the module, then the values and the results. */
const [valuesAt, resultsAt] = [65536, 2 * 65536];
const memory = new WebAssembly.Memory({ initial: 3, maximum: 3 });
const exports = await openSimd(memory);

type Curve = "tanh" | "sigmoid" | "softplus";

function through(name: Curve, values: readonly number[]): { values: Float32Array; results: Float32Array } {
  const given = new Float32Array(memory.buffer, valuesAt, values.length);
  given.set(values);
  exports[name](valuesAt, resultsAt, values.length);
  return { values: given, results: new Float32Array(memory.buffer, resultsAt, values.length) };
}

const curves: Readonly<Record<Curve, (v: number) => number>> = {
  tanh: Math.tanh,
  sigmoid: (v) => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v))),
  softplus: (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
};
/** Results below the smallest normal number have fewer digits. */
const normal = 2 ** -126;
/** From the smallest magnitudes to the largest: each power of two is drawn as often. */
const anyMagnitude = fc
  .tuple(fc.integer({ min: -126, max: 127 }), fc.double({ min: 1, max: 2, noNaN: true }), fc.constantFrom(-1, 1))
  .map(([exponent, mantissa, sign]) => Math.fround(Math.min(sign * mantissa * 2 ** exponent, 3.4e38)));
const moderate = fc.float({ min: -100, max: 100, noNaN: true });
const drives = fc.array(fc.oneof(anyMagnitude, moderate, fc.constantFrom(0, -0)), { minLength: 1, maxLength: 64 });

test.for(Object.entries(curves) as [Curve, (v: number) => number][])(
  "%s in SIMD is within 4e-7 of its value, however small",
  ([name, curve]) => {
    fc.assert(
      fc.property(drives, (drawn) => {
        const { values, results } = through(name, drawn);
        results.forEach((rate, index) => {
          const wanted = curve(values[index]!);
          expect(Math.abs(rate - wanted)).toBeLessThanOrEqual(4e-7 * Math.abs(wanted) + normal);
        });
      }),
      { numRuns: 1000 },
    );
  },
);

test("tanh in SIMD is odd, keeps the sign of 0, and is never beyond -1 and 1", () => {
  fc.assert(
    fc.property(drives, (drawn) => {
      const rates = [...through("tanh", drawn).results];
      const opposite = through(
        "tanh",
        drawn.map((v) => -v),
      ).results;
      rates.forEach((rate, index) => {
        expect(Object.is(rate, -opposite[index]!)).toBe(true);
        expect(Math.abs(rate)).toBeLessThanOrEqual(1);
        expect(Object.is(Math.sign(rate), Math.sign(drawn[index]!))).toBe(true);
      });
    }),
  );
});

test("tanh in SIMD is within 3.5e-7 on a fine grid", () => {
  let worst = 0;
  for (let start = -12; start < 12; start += 1) {
    const grid = Array.from({ length: 10_000 }, (_, index) => start + index / 10_000);
    const { values, results } = through("tanh", grid);
    for (const [index, rate] of results.entries()) worst = Math.max(worst, Math.abs(rate - Math.tanh(values[index]!)));
  }
  expect(worst).toBeLessThan(3.5e-7);
});
