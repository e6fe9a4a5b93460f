import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AcceleratorKind } from "../../../src/compute/accelerators/accelerator.ts";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { fusingSimd } from "../../../src/compute/accelerators/simd/simd.ts";
import { pipelineExecutor } from "../../../src/compute/devices/pipeline.ts";
import type { Executor } from "../../../src/compute/executor.ts";
import { multiplyMatrices, multiplyTransposed } from "../../../src/compute/kernels/contraction.ts";
import { leakyRelu, relu } from "../../../src/compute/kernels/gain.ts";
import { leakyReluError, reluError, sigmoidError, tanhError } from "../../../src/compute/kernels/gain-error.ts";
import { applyGate, spreadVector, vectorGateMask } from "../../../src/compute/kernels/gate.ts";
import { inhibitReturn, markAttended, modulate, modulationSlope } from "../../../src/compute/kernels/modulation.ts";
import { adamStep, momentumStep, sgdStep } from "../../../src/compute/kernels/optimiser.ts";
import { penalty, penaltySlope } from "../../../src/compute/kernels/penalty.ts";
import { add, addBias, multiply, subtract } from "../../../src/compute/kernels/pointwise.ts";
import { averagePool, maxPoolTransport } from "../../../src/compute/kernels/pooling.ts";
import { addScaled, leak, scale, scaleRows } from "../../../src/compute/kernels/scaling.ts";
import { binarise, binariseSlope } from "../../../src/compute/kernels/threshold.ts";
import { latestAsked, shareOf } from "../../../src/compute/kernels/weighting.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { sizeOf } from "../../../src/compute/shape.ts";
import { reshape, type Tensor, type Trace } from "../../../src/compute/trace.ts";
import { anyFloat, isSame } from "../../arbitraries/float32.ts";
import { watched } from "../accelerated.ts";

// As in whole-range.test.ts, for steps that stand for several. Products are of one term each: sums of more are in another
// order, and are held to their tolerance where each of these steps is tested.
const float32 = pipelineExecutor("webasm");

interface Sizes {
  readonly batch: number;
  readonly dimension: number;
  readonly units: number;
  readonly columns: number;
}
const size = fc.integer({ min: 1, max: 9 });
const sizes: fc.Arbitrary<Sizes> = fc.record({ batch: size, dimension: size, units: size, columns: size });

const bounds = fc.constantFrom({ minimum: -3.4e38, maximum: 3.4e38 }, { minimum: 0, maximum: 2 });

/** The gradient of one sample, and a step along it. */
const update = (optimiser: "sgd" | "momentum" | "adam", spread: boolean) =>
  fc.tuple(sizes, bounds).map(([{ dimension, units, columns }, within]) => {
    const shape = [dimension * units, columns];
    return tracePlan("update", {}, (trace) => {
      const vector = () => ({
        vector: trace.input("vector", [1, dimension]),
        scale: trace.input("scale", [1, units]),
      });
      const left = spread ? spreadVector(vector()).result : trace.input("left", [1, dimension * units]);
      const gradient = multiplyTransposed({
        left: reshape(left, [1, dimension * units]),
        right: trace.input("right", [1, columns]),
      }).product;
      const input = (name: string) => trace.input(name, shape);
      const schedule = trace.input("schedule", [optimiser === "adam" ? 4 : 1]);
      const given = { weight: input("weight"), gradient, schedule };
      const made = {
        sgd: () => sgdStep(given, within),
        momentum: () => momentumStep({ ...given, velocity: input("velocity") }, { ...within, momentum: 0.9 }),
        adam: () =>
          adamStep(
            { ...given, firstMoment: input("first"), secondMoment: input("second") },
            { ...within, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decayIndex: 2 },
          ),
      }[optimiser]();
      for (const [name, value] of Object.entries(made)) trace.output(name, value);
    });
  });

/** Bias, gate and average pool of four sites, whose mean is exact. */
const gatedMap = sizes.map(({ batch, dimension, units: channels }) =>
  tracePlan("map", {}, (trace) => {
    const map = { height: 2, width: 4, channels };
    const drive = trace.input("drive", [batch, dimension, 8 * channels]);
    const biased = addBias({ drive, bias: trace.input("bias", [dimension, channels]) }).result;
    const { mask } = vectorGateMask({ drive: biased, gatingVectors: trace.input("gates", [dimension, channels]) });
    const rates = reshape(applyGate({ values: biased, mask }).result, [batch * dimension, 8 * channels]);
    trace.output("mask", mask);
    trace.output("pooled", averagePool({ rates }, { map, kernel: 2, stride: 2, padding: 0 }).pooled);
  }),
);

/** A rectified map, and errors on their way back through a max pool of it. */
const rectified = sizes.map(({ batch, units: channels }) =>
  tracePlan("rectified", {}, (trace) => {
    const map = { height: 2, width: 4, channels };
    const drive = trace.input("drive", [batch, 1, 8 * channels]);
    const { result } = relu({
      values: addBias({ drive, bias: trace.input("bias", [1, channels]) }).result,
    });
    const rates = reshape(result, [batch, 8 * channels]);
    const error = trace.input("error", [batch, 2 * channels]);
    const sent = maxPoolTransport({ error, rates }, { map, kernel: 2, stride: 2, padding: 0 }).result;
    trace.output("rates", rates);
    trace.output("result", reluError({ error: sent, rates }).result);
  }),
);

/** Everything that is made of arithmetic and can be part of a stretch, beside a product of one term. */
const stretch = sizes.map(({ batch, units }) =>
  tracePlan("stretch", {}, (trace: Trace) => {
    const [x, y] = ["x", "y"].map((name) => trace.input(name, [batch, units])) as [Tensor, Tensor];
    const p = multiplyMatrices({
      left: trace.input("column", [batch, 1]),
      right: trace.input("row", [1, units]),
    }).product;
    const made = {
      p,
      sum: add({ left: x, right: y }).result,
      difference: subtract({ left: p, right: x }).result,
      product: multiply({ left: p, right: x }).result,
      rectified: relu({ values: p }).result,
      reluError: reluError({ error: x, rates: p }).result,
      leaky: leakyRelu({ values: p }, { slope: 0.1 }).result,
      leakyError: leakyReluError({ error: x, rates: p }, { slope: 0.1 }).result,
      tanhError: tanhError({ error: x, rates: p }).result,
      sigmoidError: sigmoidError({ error: x, rates: p }).result,
      scaled: scale({ values: p }, { factor: 0.1 }).result,
      addScaled: addScaled({ left: x, right: y }, { factor: 0.1 }).result,
      leak: leak({ previous: x, rates: y }, { rate: 0.1 }).result,
      modulated: modulate({ rates: x, signal: p }, { strength: 0.1 }).result,
      modulationSlope: modulationSlope({ error: x, rates: p }, { strength: 0.1 }).result,
      inhibited: inhibitReturn({ rates: x, inhibition: p }).result,
      attended: markAttended({ inhibition: x, signal: p }, { threshold: 0.1 }).result,
      binary: binarise({ rates: p }, { threshold: 0.1 }).result,
      binarySlope: binariseSlope({ rates: p }, { threshold: 0.1, sharpness: 3 }).result,
      penalty: penalty({ values: p }, { l1: 0.1, l2: 0.3 }).result,
      penaltySlope: penaltySlope({ values: p }, { l1: 0.1, l2: 0.3 }).result,
      share: shareOf({ part: x, whole: p }).result,
      latest: latestAsked({ before: x, now: y, weights: p }).result,
      rows: scaleRows({ values: x, scales: trace.input("scales", [batch]) }, { factor: 0.1 }).result,
    };
    for (const [name, value] of Object.entries(made)) trace.output(name, value);
  }),
);

const fused = contractions(onnxruntime, { fused: true, chunkBytes: 256 });
const cases: readonly (readonly [string, AcceleratorKind, fc.Arbitrary<Plan>, readonly string[]])[] = [
  ...(["sgd", "momentum", "adam"] as const).flatMap((optimiser) =>
    [false, true].map(
      (spread) =>
        [
          `an update by ${optimiser} of ${spread ? "a spread vector" : "values"}`,
          fused,
          update(optimiser, spread),
          [`update-${optimiser}-step`],
        ] as const,
    ),
  ),
  ["a map of gated units", fused, gatedMap, ["gated-map"]],
  ["a rectified map", fusingSimd, rectified, ["add-bias-relu", "max-pool-transport-relu"]],
  ["a stretch of small steps", fused, stretch, ["stretch"]],
];

async function run(executor: Executor, plan: Plan, feed: Readonly<Record<string, Float32Array>>) {
  const session = await executor.load({ residents: {}, plans: { plan } });
  try {
    const [results] = await session.run("plan", [feed]);
    return Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
  } finally {
    await session.dispose();
  }
}

describe("over the whole range of float32", () => {
  test.for(cases)("%s gives what its steps give one by one in float32, bit by bit", async ([, kind, plans, steps]) => {
    const { executor, bound } = watched(kind);
    const asked = plans.chain((plan) =>
      fc
        .record(
          Object.fromEntries(
            [...plan.inputs].map(([name, id]) => {
              const length = sizeOf(plan.shapes[id]!);
              const value = name === "schedule" ? fc.constantFrom(0, 0.001, 0.5, 30) : anyFloat;
              return [
                name,
                fc.array(value, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values)),
              ];
            }),
          ),
        )
        .map((feed) => ({ plan, feed })),
    );
    await fc.assert(
      fc.asyncProperty(asked, async ({ plan, feed }) => {
        bound.length = 0;
        const accelerated = await run(executor, plan, feed);
        expect(
          bound.filter(
            (name) =>
              name.startsWith("update-") || name.includes("map") || name === "stretch" || name.endsWith("-relu"),
          ),
        ).toEqual(steps);
        for (const [output, values] of Object.entries(await run(float32, plan, feed))) {
          const got = accelerated[output]!;
          const apart = values.findIndex((wanted, index) => !isSame(got[index]!, wanted));
          if (apart >= 0) expect({ output, apart, value: got[apart] }).toEqual({ value: values[apart] });
        }
      }),
      { numRuns: 12 },
    );
  });
});
