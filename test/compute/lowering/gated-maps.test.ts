import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { cpuExecutor } from "../../../src/compute/devices/cpu.ts";
import { convolutionDrive, localDrive } from "../../../src/compute/kernels/convolution.ts";
import { applyGate, vectorGateMask } from "../../../src/compute/kernels/gate.ts";
import { add, addBias } from "../../../src/compute/kernels/pointwise.ts";
import { averagePool } from "../../../src/compute/kernels/pooling.ts";
import { windowPositions } from "../../../src/compute/kernels/window.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import { reshape, type Trace } from "../../../src/compute/trace.ts";
import { projections } from "../../arbitraries/window-cases.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

/** Whether positions share weights, biases and gating vectors, and how the map is pooled. */
const drawnMap = fc.record({
  projection: projections.filter(({ postUnits }) => postUnits <= 500),
  from: fc.constantFrom("shared weights", "own weights", "a drive"),
  groups: fc.constantFrom("components", "one"),
  ownBias: fc.boolean(),
  ownGates: fc.boolean(),
  pool: fc.option(fc.record({ kernel: fc.integer({ min: 1, max: 3 }), gap: fc.integer({ min: -1, max: 1 }) })),
  alsoRead: fc.constantFrom("nothing", "nothing", "nothing", "drive", "biased drive", "rates"),
});
type DrawnMap = typeof drawnMap extends fc.Arbitrary<infer T> ? T : never;

/** The step of a map of gated units as circuits trace it. */
function mapPlan({ projection, from, groups, ownBias, ownGates, pool, alsoRead }: DrawnMap): Plan {
  const { attributes, samples: batch, groups: dimension, units, postUnits, patch } = projection;
  const { filters, map } = attributes;
  const [height, width] = [windowPositions(map.height, attributes), windowPositions(map.width, attributes)];
  return tracePlan("map", {}, (trace: Trace) => {
    const driven = () => {
      if (from === "a drive") return trace.input("drive", [batch, dimension, postUnits]);
      const own = from === "own weights";
      const sets = groups === "one" ? 1 : dimension;
      const rates = trace.input("rates", [groups === "one" ? batch * dimension : batch, units]);
      const weight = trace.input("weight", [sets, own ? postUnits : filters, patch]);
      return (own ? localDrive : convolutionDrive)({ rates, weight }, attributes).drive;
    };
    const drive = reshape(driven(), [batch, dimension, postUnits]);
    const bias = trace.input("bias", [dimension, ownBias ? postUnits : filters]);
    const gatingVectors = trace.input("gates", [dimension, ownGates ? postUnits : filters]);
    const biased = addBias({ drive, bias }).result;
    const { mask } = vectorGateMask({ drive: biased, gatingVectors });
    const rates = applyGate({ values: biased, mask }).result;
    trace.output("mask", mask);
    if (alsoRead === "drive") trace.output("also", add({ left: drive, right: drive }).result);
    if (alsoRead === "biased drive") trace.output("also", biased);
    if (!pool || pool.kernel > Math.min(height, width)) return trace.output("rates", rates);
    if (alsoRead === "rates") trace.output("also", add({ left: rates, right: rates }).result);
    const window = { kernel: pool.kernel, stride: Math.max(1, pool.kernel + pool.gap), padding: 0 };
    const pooling = { map: { height, width, channels: filters }, ...window };
    trace.output("pooled", averagePool({ rates: reshape(rates, [batch * dimension, postUnits]) }, pooling).pooled);
  });
}

/** Small integers: sums that decide about a gate are exact, and often 0. */
const integers = (seed: number, name: string, shape: Shape): Float32Array => {
  const stream = randomStream(seed, name);
  return Float32Array.from({ length: sizeOf(shape) }, () => stream.integer(-2, 2));
};

async function run(executor: typeof definition, plan: Plan, seed: number) {
  const session = await executor.load({ residents: {}, plans: { map: plan } });
  const feed = Object.fromEntries([...plan.inputs].map(([name, id]) => [name, integers(seed, name, plan.shapes[id]!)]));
  // Twice: scratch that a step leaves behind must not matter.
  await session.run("map", [feed]);
  const [results] = await session.run("map", [feed]);
  const kept = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
  await session.dispose();
  return kept;
}

const fusing = contractions(onnxruntime, { fused: true, chunkBytes: 1024 });
const fusedNames = (bound: readonly string[]) => bound.filter((name) => name.endsWith("gated-map"));

describe("a map of gated units in one step", () => {
  test("equals its steps one by one, whatever else needs the values between", async () => {
    const { executor, bound } = watched(fusing);
    await fc.assert(
      fc.asyncProperty(drawnMap, fc.nat({ max: 1000 }), async (drawn, seed) => {
        const plan = mapPlan(drawn);
        bound.length = 0;
        const results = await run(executor, plan, seed);
        expectClose(results, await run(definition, plan, seed), 100);
        if (drawn.alsoRead === "biased drive") expect(fusedNames(bound)).toEqual([]);
        if (drawn.alsoRead === "nothing") expect(fusedNames(bound)).toHaveLength(1);
      }),
      { numRuns: 120 },
    );
  });

  test("is not made where accelerators are off", async () => {
    const { executor, bound } = watched(contractions(onnxruntime));
    const [drawn] = fc.sample(drawnMap, { numRuns: 1, seed: 1 });
    await run(executor, mapPlan(drawn!), 1);
    expect(fusedNames(bound)).toEqual([]);
  });

  test("needs no memory for the drive", async () => {
    const attributes = { map: { height: 28, width: 28, channels: 1 }, kernel: 3, stride: 1, padding: 1, filters: 8 };
    const projection = { attributes, samples: 16, groups: 10, units: 784, postUnits: 6272, patch: 9 };
    const drawn = { from: "shared weights", groups: "components", ownBias: false, ownGates: false } as const;
    const plan = mapPlan({ ...drawn, projection, pool: { kernel: 2, gap: 0 }, alsoRead: "nothing" });
    const session = await cpuExecutor("onnxruntime", [fusing]).load({ residents: {}, plans: { map: plan } });
    const driveBytes = 4 * 16 * 10 * 6272;
    expect(session.bytes.values).toBeLessThan(driveBytes);
    await session.dispose();
  });
});
