import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../src/compute/accelerators/onnx/onnxruntime.ts";
import { fusingSimd } from "../../src/compute/accelerators/simd/simd.ts";
import { tfjs } from "../../src/compute/accelerators/tfjs.ts";
import { cpuExecutor } from "../../src/compute/devices/cpu.ts";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import type { Executor } from "../../src/compute/executor.ts";
import type { KernelCase } from "../arbitraries/kernels-values.ts";
import { definition } from "./accelerated.ts";
import { cataloguedKernel } from "./kernel-catalogue.ts";
import { runKernels } from "./run-kernel.ts";
import { webGpuOrSkip } from "./software-vulkan.ts";

// A loss of 1e-5, a rate of 1e-9 and a slope of 1e-6 are numbers like others: they are told with as many digits. Written
// as log(sum) - score, log(1 + x), p - 1, 1 - r^2 or exp(v) - exp(-v) they would be differences of nearly equal numbers, of which float32
// leaves few digits or none.

/** Of the number itself; float32 rounds at 6e-8, and an exponential of -x is as far off as x was rounded, x times that. */
const tolerance = 1e-5;
/** Below the smallest normal number there are fewer digits, and some devices have none. */
const normal = 2 ** -126;

const row = (length: number, value: fc.Arbitrary<number>) =>
  fc.array(value, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
/** Evenly: doubles themselves are drawn near 0 by far most often. */
const between = (min: number, max: number) =>
  fc.integer({ min: 0, max: 2 ** 20 }).map((place) => min + ((max - min) * place) / 2 ** 20);
/** Every power of two is drawn as often. */
const small = between(-60, 0).map((exponent) => 2 ** exponent);
/** From the smallest normal number to the largest. */
const anyMagnitude = fc
  .tuple(between(-125, 127), fc.constantFrom(1, -1))
  .map(([exponent, sign]) => sign * 2 ** exponent);

/** Scores of which one stands out by a gap, be it the label's or another's. */
const sureDecision = fc
  .record({
    classes: fc.integer({ min: 2, max: 12 }),
    gap: between(0, 60),
    offset: between(-20, 20),
    first: fc.nat(11),
    label: fc.nat(11),
    sure: fc.boolean(),
  })
  .chain(({ classes, gap, offset, first, label, sure }) =>
    fc.record({ scores: row(classes, between(-3, 3)), weight: between(0.001, 1) }).map(({ scores, weight }) => {
      const top = first % classes;
      scores[top] = gap + 3;
      return {
        scores: { shape: [1, classes], values: scores.map((score) => score + offset) },
        labels: { shape: [1], values: Float32Array.of(sure ? top : label % classes) },
        weights: { shape: [1], values: Float32Array.of(weight) },
      };
    }),
  );

/** What is asked, by kernel; each answer alone is to be close. */
const asked: Readonly<Record<string, fc.Arbitrary<KernelCase["inputs"]>>> = {
  "cross-entropy": sureDecision.map(({ scores, labels }) => ({ scores, labels })),
  "softmax-error": sureDecision,
  softplus: row(16, between(-80, 80)).map((values) => ({ values: { shape: [1, 16], values } })),
  sigmoid: row(16, between(-80, 80)).map((values) => ({ values: { shape: [1, 16], values } })),
  tanh: row(16, anyMagnitude).map((values) => ({ values: { shape: [1, 16], values } })),
  "tanh-error": fc.record({
    error: row(16, between(-1, 1)).map((values) => ({ shape: [1, 16], values })),
    rates: row(
      16,
      fc.tuple(small, fc.constantFrom(1, -1)).map(([below, sign]) => sign * (1 - below)),
    ).map((values) => ({ shape: [1, 16], values })),
  }),
  "softplus-error": fc.record({
    error: row(16, between(-1, 1)).map((values) => ({ shape: [1, 16], values })),
    rates: row(16, fc.oneof(small, between(0, 20))).map((values) => ({ shape: [1, 16], values })),
  }),
};

async function hold(executor: Executor, name: string, numRuns: number): Promise<void> {
  const { kernel, oracle } = cataloguedKernel(name);
  const calls = fc.array(asked[name]!, { minLength: 1, maxLength: 24, size: "max" });
  await fc.assert(
    fc.asyncProperty(calls, async (given) => {
      const cases = given.map((inputs) => ({ inputs, attributes: {} }));
      const results = await runKernels(executor, kernel, cases);
      for (const [call, { inputs }] of cases.entries())
        for (const [output, wanted] of Object.entries(oracle(inputs, {}))) {
          const got = results[call]![output]!;
          wanted.forEach((value, index) => {
            if (!(Math.abs(got[index]! - value) <= tolerance * Math.abs(value) + normal))
              expect({ inputs, [output]: got[index] }).toEqual({ [output]: value });
          });
        }
    }),
    { numRuns },
  );
}

const executors: Readonly<Record<string, Executor>> = {
  "the cpu by GPU.js alone": definition,
  "the cpu with onnxruntime": cpuExecutor("onnxruntime", [contractions(onnxruntime, { fused: true }), fusingSimd]),
  "the cpu with tfjs": cpuExecutor("tfjs", [contractions(tfjs, { fused: true }), fusingSimd]),
  "WebAssembly pipelines": pipelineExecutor("webasm"),
};

for (const [device, executor] of Object.entries(executors))
  describe(`on ${device} small numbers keep their digits:`, () => {
    test.for(Object.keys(asked))("%s", (name) => hold(executor, name, 4));
  });

describe("on WebGPU small numbers keep their digits:", () => {
  test.for(Object.keys(asked))("%s", async (name, context) => hold(await webGpuOrSkip(context), name, 2));
});
