import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { sizeOf } from "../../../src/compute/shape.ts";
import {
  type DrawnUpsampledMaps,
  drawnUpsampledMaps,
  traceUpsampledMaps,
} from "../../arbitraries/fusible/upsampled-maps.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

const mapsPlan = (drawn: DrawnUpsampledMaps): Plan =>
  tracePlan("maps", {}, (trace) => traceUpsampledMaps(trace, drawn));

async function run(executor: typeof definition, plan: Plan, seed: number) {
  const session = await executor.load({ residents: {}, plans: { maps: plan } });
  const feed = Object.fromEntries(
    [...plan.inputs].map(([name, id]) => {
      const stream = randomStream(seed, name);
      return [name, Float32Array.from({ length: sizeOf(plan.shapes[id]!) }, () => stream.integer(-2, 2))];
    }),
  );
  // Twice: scratch that a step leaves behind must not matter.
  await session.run("maps", [feed]);
  const [results] = await session.run("maps", [feed]);
  const kept = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
  await session.dispose();
  return kept;
}

const fusing = contractions(onnxruntime, { fused: true, chunkBytes: 256 });
const biasesOf = ({ biases, sources }: DrawnUpsampledMaps) =>
  biases.slice(0, sources).filter((bias) => bias !== "none").length;
const fusedNames = (bound: readonly string[]) => bound.filter((name) => name.startsWith("upsampled"));

describe("windows over an upsampled map in one step", () => {
  test("equal their steps one by one, whatever else needs the values between", async () => {
    const { executor, bound } = watched(fusing);
    await fc.assert(
      fc.asyncProperty(drawnUpsampledMaps, fc.nat({ max: 1000 }), async (drawn, seed) => {
        const plan = mapsPlan(drawn);
        bound.length = 0;
        const results = await run(executor, plan, seed);
        // Small integers: every sum is exact, in whatever order.
        expectClose(results, await run(definition, plan, seed), 1);
        if (drawn.projection.attributes.padding > 0) expect(fusedNames(bound)).toEqual([]);
        else if (drawn.alsoRead === "nothing" && !drawn.ownBias && biasesOf(drawn) <= 1)
          expect(fusedNames(bound)).toEqual(["upsampled-transport", "upsampled-drive"]);
      }),
      { numRuns: 120 },
    );
  });

  test("are not made where accelerators are off", async () => {
    const { executor, bound } = watched(contractions(onnxruntime));
    const [drawn] = fc.sample(drawnUpsampledMaps, { numRuns: 1, seed: 1 });
    await run(executor, mapsPlan(drawn!), 1);
    expect(fusedNames(bound)).toEqual([]);
  });

  test("need no memory for the larger map", async () => {
    const attributes = { map: { height: 34, width: 34, channels: 1 }, kernel: 3, stride: 1, padding: 0, filters: 16 };
    const projection = { attributes, samples: 8, groups: 1, units: 34 ** 2, postUnits: 32 ** 2 * 16, patch: 9 };
    const rest = { ownBias: false, recurrent: true, late: false, alsoRead: "nothing" } as const;
    const plan = mapsPlan({ ...rest, biases: [], projection, shrink: { rows: 3, columns: 3 }, sources: 1 });
    const session = await watched(fusing).executor.load({ residents: {}, plans: { maps: plan } });
    expect(session.bytes.values).toBeLessThan(4 * 8 * 32 ** 2 * 16);
    await session.dispose();
  });
});
