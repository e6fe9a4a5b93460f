import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simd } from "../../../src/compute/accelerators/simd/simd.ts";
import { pipelineExecutor } from "../../../src/compute/devices/pipeline.ts";
import { anyFloat, finiteFloat, isSame, smallestNormal, summableFloat } from "../../arbitraries/float32.ts";
import { drawn, type KernelCase } from "../../arbitraries/kernels-values.ts";
import { watched } from "../accelerated.ts";
import { magnitudeOf } from "../closeness.ts";
import { cataloguedKernel } from "../kernel-catalogue.ts";
import { runKernels } from "../run-kernel.ts";

// GPU.js in WebAssembly computes a kernel's body as it is written, in float32. So an accelerator that puts the same
// operations in the same order answers with the same bits, whatever goes in: also where a product underflows or
// overflows on the way, which is the first thing that another order changes. Only the sign of zeros is left open: relu
// of -0 may be -0, and nothing divides by a rate.
const float32 = pipelineExecutor("webasm");

/** What is no number of the circuit: classes, step sizes, and the powers of two that bring a row near 1. */
const given = new Set(["labels", "schedule", "factors", "leftFactors", "rightFactors"]);

const withValues = (cases: fc.Arbitrary<KernelCase>, value: fc.Arbitrary<number>): fc.Arbitrary<KernelCase> =>
  cases.chain(({ inputs, attributes }) =>
    fc
      .record(
        Object.fromEntries(
          Object.entries(inputs).map(([name, input]) => [
            name,
            given.has(name) ? fc.constant(input) : drawn(input.shape, value),
          ]),
        ),
      )
      .map((redrawn) => ({ inputs: redrawn, attributes })),
  );

/**
 * Kernels whose accelerators compute exponentials and their like by series of their own: how far they may be from the
 * result, relative to it.
 */
const byOwnSeries: Readonly<Record<string, number>> = {
  tanh: 4e-7,
  sigmoid: 4e-7,
  softplus: 4e-7,
  "softplus-error": 4e-7,
  "softmax-error": 1e-6,
  "cross-entropy": 4e-7,
};
/**
 * Kernels whose accelerators add up in another order, or with more digits, or multiply by 1/9 where the body divides by 9:
 * how far they may be apart, relative to the sum of magnitudes.
 */
const byOtherSums: Readonly<Record<string, number>> = {
  "average-pool": 2e-7,
  "average-pool-transport": 4e-7,
  "max-pool-transport": 4e-7,
  "upsample-bicubic": 1e-6,
  "upsample-bicubic-transport": 1e-6,
  "squared-error": 4e-7,
  "object-distances": 4e-7,
  "row-squares": 6e-7,
  "row-directions": 6e-7,
};
/** Runs drawn calls on both and looks at every pair of results. */
async function compare(
  name: string,
  value: fc.Arbitrary<number>,
  agrees: (value: number, wanted: number, call: KernelCase) => boolean,
): Promise<void> {
  const { kernel, cases } = cataloguedKernel(name);
  const { executor, bound } = watched(simd);
  const calls = fc.array(withValues(cases, value), { minLength: 1, maxLength: 12, size: "max" });
  await fc.assert(
    fc.asyncProperty(calls, async (asked) => {
      const accelerated = await runKernels(executor, kernel, asked);
      const wanted = await runKernels(float32, kernel, asked);
      for (const [call, outputs] of wanted.entries())
        for (const [output, values] of Object.entries(outputs)) {
          const got = accelerated[call]![output]!;
          const apart = values.findIndex((each, index) => !agrees(got[index]!, each, asked[call]!));
          if (apart >= 0) expect({ call, output, apart, value: got[apart] }).toEqual({ value: values[apart] });
        }
    }),
    { numRuns: 3 },
  );
  expect(new Set(bound)).toEqual(new Set([name]));
}

const kernels = [...simd.kernels];

describe("over the whole range of float32 the accelerator of", () => {
  test.for(kernels.filter((name) => !(name in byOwnSeries) && !(name in byOtherSums)))(
    "%s gives what its body gives in float32, bit by bit",
    (name) => compare(name, anyFloat, isSame),
  );

  test.for(Object.entries(byOwnSeries))(
    "%s is within %d of its body in float32, relative to the result",
    ([name, tolerance]) =>
      compare(
        name,
        // A rate of softplus is no smaller than the exponential that it is made of.
        name === "softplus-error"
          ? finiteFloat.map((value) => (Math.abs(value) < smallestNormal ? 0 : value))
          : finiteFloat,
        (value, wanted) =>
          isSame(value, wanted) || Math.abs(value - wanted) <= tolerance * Math.abs(wanted) + smallestNormal,
      ),
  );

  test.for(Object.entries(byOtherSums))(
    "%s is within %d of its body in float32, relative to what is added up",
    ([name, tolerance]) => {
      const magnitudes = new WeakMap<KernelCase, number>();
      const { oracle } = cataloguedKernel(name);
      return compare(name, summableFloat, (value, wanted, call) => {
        const magnitude = magnitudes.get(call) ?? magnitudeOf(oracle, call);
        magnitudes.set(call, magnitude);
        return isSame(value, wanted) || Math.abs(value - wanted) <= tolerance * magnitude + smallestNormal;
      });
    },
  );
});
