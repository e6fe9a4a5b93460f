import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { angleDegrees } from "../../src/analysis/angle.ts";
import { openDevice } from "../../src/built-in.ts";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { readAgreement, traceAgreement } from "../../src/plasticity/alignment.ts";
import type { Alignment } from "../../src/records/learning-record.ts";
import { definition } from "../compute/accelerated.ts";
import { webGpuOrSkip } from "../compute/software-vulkan.ts";

/** Rows and columns of a matrix of weights; not a multiple of the four lanes of a vector instruction. */
const shape = [3, 7] as const;
const size = shape[0] * shape[1];

type Compare = (left: ArrayLike<number>, right: ArrayLike<number>) => Promise<Alignment>;

/** Angle and sign agreement of two matrices, as an executor finds them. */
async function comparison(executor: Executor): Promise<Compare> {
  const compare = tracePlan("compare", {}, (trace) => {
    traceAgreement(trace, "pair", trace.input("left", shape), trace.input("right", shape));
  });
  const session = await executor.load({ residents: {}, plans: { compare } });
  return async (left, right) => {
    const feed = { left: Float32Array.from(left), right: Float32Array.from(right) };
    const [results] = await session.run("compare", [feed]);
    return readAgreement(results!, "pair", size);
  };
}

/** Matrices with zeros in them, whose largest magnitude lies between 1 and 2. */
const vector = fc
  .tuple(
    fc.array(fc.oneof(fc.constant(0), fc.float({ min: -1, max: 1, noNaN: true })), {
      minLength: size - 1,
      maxLength: size - 1,
    }),
    fc.constantFrom(-1.5, 1.5),
    fc.nat(size - 1),
  )
  .map(([small, large, at]) => Float32Array.from([...small.slice(0, at), large, ...small.slice(at)]));

/** Multiplied by a power of two, in two factors since one would leave the range. */
const scaledBy = (values: Float32Array, exponent: number) => {
  const half = Math.trunc(exponent / 2);
  return values.map((value) => value * 2 ** half * 2 ** (exponent - half));
};

/** Measured against what float32 rounds of unit vectors, degrees. */
const tolerance = 1e-3;

const executors: readonly [string, () => Promise<Executor>][] = [
  ["the cpu device", () => openDevice({ device: "cpu" })],
  ["the kernels themselves", async () => definition],
  ["webasm", async () => pipelineExecutor("webasm")],
];

describe.each(executors)("on %s the angle between two matrices", async (_name, open) => {
  const compare = await comparison(await open());

  it("is that in double precision, at any size of either", async () => {
    await fc.assert(
      fc.asyncProperty(
        vector,
        vector,
        fc.integer({ min: -149, max: 127 }),
        fc.integer({ min: -149, max: 127 }),
        async (one, other, a, b) => {
          const [left, right] = [scaledBy(one, a), scaledBy(other, b)];
          const { angle, signAgreement } = await compare(left, right);
          // Numbers near 2^-149 have few digits or none, so the angle is that of what is left of them.
          expect(Math.abs(angle! - angleDegrees(left, right))).toBeLessThan(tolerance);
          const same = left.filter((value, at) => Math.sign(value) === Math.sign(right[at]!)).length;
          expect(signAgreement).toBeCloseTo(same / size, 6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is the same to the last digit when both are multiplied by powers of two", async () => {
    await fc.assert(
      fc.asyncProperty(
        vector.map((values) => values.map((value) => Math.fround(Math.round(value * 64) / 64))),
        vector.map((values) => values.map((value) => Math.fround(Math.round(value * 64) / 64))),
        fc.integer({ min: -120, max: 127 }),
        fc.integer({ min: -120, max: 127 }),
        async (left, right, a, b) => {
          expect(await compare(scaledBy(left, a), scaledBy(right, b))).toEqual(await compare(left, right));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is 0 between equal ones and 180 between opposite ones, whatever the factor", async () => {
    await fc.assert(
      fc.asyncProperty(vector, fc.double({ min: 1e-30, max: 1e30, noNaN: true }), async (values, factor) => {
        expect((await compare(values, values)).angle).toBe(0);
        const scaled = values.map((value) => value * factor);
        expect((await compare(values, scaled)).angle).toBeLessThan(tolerance);
        const opposite = scaled.map((value) => -value);
        expect((await compare(values, opposite)).angle).toBeGreaterThan(180 - tolerance);
      }),
      { numRuns: 30 },
    );
  });

  it("and the agreement of signs are none where one is zero everywhere or not finite", async () => {
    const none = { angle: null, signAgreement: null };
    const zero = new Float32Array(size);
    const place = fc.nat(size - 1);
    const wrong = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    await fc.assert(
      fc.asyncProperty(vector, place, wrong, async (values, at, put) => {
        expect(await compare(values, zero)).toEqual(none);
        expect(await compare(zero, values)).toEqual(none);
        expect(await compare(zero, zero)).toEqual(none);
        expect(await compare(values.with(at, put), values)).toEqual(none);
        expect(await compare(values, values.with(at, put))).toEqual(none);
      }),
      { numRuns: 20 },
    );
  });
});

test("on WebGPU the angle is that in double precision, at any size of either that it does not take for 0", async (context) => {
  const compare = await comparison(await webGpuOrSkip(context));
  const exponent = fc.integer({ min: -100, max: 127 });
  await fc.assert(
    fc.asyncProperty(vector, vector, exponent, exponent, async (one, other, a, b) => {
      const [left, right] = [scaledBy(one, a), scaledBy(other, b)];
      const { angle } = await compare(left, right);
      expect(Math.abs(angle! - angleDegrees(left, right))).toBeLessThan(tolerance);
    }),
    { numRuns: 10 },
  );
  expect((await compare(new Float32Array(size), new Float32Array(size).fill(1))).angle).toBeNull();
});
