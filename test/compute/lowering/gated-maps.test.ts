import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { cpuExecutor } from "../../../src/compute/devices/cpu.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import { type DrawnGatedMap, drawnGatedMap, traceGatedMap } from "../../arbitraries/fusible/gated-maps.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

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

const mapPlan = (drawn: DrawnGatedMap): Plan => tracePlan("map", {}, (trace) => traceGatedMap(trace, drawn));

const fusing = contractions(onnxruntime, { fused: true, chunkBytes: 1024 });
const fusedNames = (bound: readonly string[]) => bound.filter((name) => name.endsWith("gated-map"));

describe("a map of gated units in one step", () => {
  test("equals its steps one by one, whatever else needs the values between", async () => {
    const { executor, bound } = watched(fusing);
    await fc.assert(
      fc.asyncProperty(drawnGatedMap, fc.nat({ max: 1000 }), async (drawn, seed) => {
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
    const [drawn] = fc.sample(drawnGatedMap, { numRuns: 1, seed: 1 });
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
