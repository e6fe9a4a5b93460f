import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { convolutionDrive, convolutionTransport } from "../../../src/compute/kernels/convolution.ts";
import { add, addBias } from "../../../src/compute/kernels/pointwise.ts";
import { upsampleNearest, upsampleNearestTransport } from "../../../src/compute/kernels/upsample.ts";
import { windowPositions } from "../../../src/compute/kernels/window.ts";
import { convolutionUpdate } from "../../../src/compute/kernels/window-update.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { sizeOf } from "../../../src/compute/shape.ts";
import { reshape, type Tensor } from "../../../src/compute/trace.ts";
import { projections } from "../../arbitraries/window-cases.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

/** Maps that are brought to the positions of a window, and what is made of them and of one map of errors. */
const drawnMaps = fc
  .record({
    projection: projections.filter(({ postUnits }) => postUnits <= 300),
    within: fc.boolean(),
    shrink: fc.record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }) }),
    sources: fc.integer({ min: 1, max: 3 }),
    /** Of each source: whether its transport, or the sum up to it, has a bias. */
    biases: fc.array(fc.constantFrom("none", "none", "transport", "sum"), { minLength: 3, maxLength: 3 }),
    ownBias: fc.boolean(),
    /** Whether the errors depend on what was made of the maps, so that nothing of theirs is there before. */
    recurrent: fc.boolean(),
    /** Whether one more update is of a map that the first drive leads to, and so cannot share its step. */
    late: fc.boolean(),
    alsoRead: fc.constantFrom("nothing", "nothing", "nothing", "upsampled", "one transport", "one drive"),
  })
  .map(({ within, projection, ...rest }) => ({
    ...rest,
    projection: within ? { ...projection, attributes: { ...projection.attributes, padding: 0 } } : projection,
  }))
  .filter(
    ({ projection: { attributes } }) =>
      windowPositions(Math.min(attributes.map.height, attributes.map.width), attributes) >= 1,
  );
type DrawnMaps = typeof drawnMaps extends fc.Arbitrary<infer T> ? T : never;

/** Forward sum_i transport(up(x_i), W_i) + bias; backward up^T(drive(e, W_i)) and the updates of all W_i. */
function mapsPlan({ projection, shrink, sources, biases, ownBias, recurrent, late, alsoRead }: DrawnMaps): Plan {
  const { attributes, samples, units, patch } = projection;
  const { map, filters } = attributes;
  const [height, width] = [windowPositions(map.height, attributes), windowPositions(map.width, attributes)];
  const source = {
    height: Math.ceil(height / shrink.rows),
    width: Math.ceil(width / shrink.columns),
    channels: filters,
  };
  const larger = { map: source, height, width };
  return tracePlan("maps", {}, (trace) => {
    const weights = Array.from({ length: sources }, (_, index) => trace.input(`weight${index}`, [1, filters, patch]));
    const upsampled = weights.map((_, index) => {
      const rates = trace.input(`rates${index}`, [samples, source.height * source.width * filters]);
      return upsampleNearest({ rates }, larger).result;
    });
    const biased = (given: Tensor, name: string) => {
      const bias = trace.input(name, [1, ownBias ? units : map.channels]);
      return reshape(addBias({ drive: reshape(given, [samples, 1, units]), bias }).result, [samples, units]);
    };
    let sum: Tensor | undefined;
    upsampled.forEach((rates, index) => {
      const error = reshape(rates, [samples, 1, height * width * filters]);
      const { result } = convolutionTransport({ error, weight: weights[index]! }, attributes);
      if (alsoRead === "one transport" && index === 0)
        trace.output("also", add({ left: result, right: result }).result);
      const term = biases[index] === "transport" ? biased(result, `bias${index}`) : result;
      sum = sum ? add({ left: sum, right: term }).result : term;
      if (biases[index] === "sum") sum = biased(sum, `bias${index}`);
    });
    trace.output("sum", sum!);
    if (alsoRead === "upsampled") trace.output("also", upsampled[0]!);
    const rates = recurrent ? sum! : trace.input("error", [samples, units]);
    const results = weights.map((weight, index) => {
      const { drive } = convolutionDrive({ rates, weight }, attributes);
      if (alsoRead === "one drive" && index === 0) trace.output("also", drive);
      const error = reshape(drive, [samples, height * width * filters]);
      const { result } = upsampleNearestTransport({ error }, larger);
      trace.output(`result${index}`, result);
      return result;
    });
    const lateMaps = late
      ? [upsampleNearest({ rates: add({ left: results[0]!, right: results[0]! }).result }, larger).result]
      : [];
    [...upsampled, ...lateMaps].forEach((map, index) => {
      const error = reshape(map, [samples, 1, height * width * filters]);
      trace.output(`update${index}`, convolutionUpdate({ error, rates }, attributes).update);
    });
  });
}

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
const biasesOf = ({ biases, sources }: DrawnMaps) => biases.slice(0, sources).filter((bias) => bias !== "none").length;
const fusedNames = (bound: readonly string[]) => bound.filter((name) => name.startsWith("upsampled"));

describe("windows over an upsampled map in one step", () => {
  test("equal their steps one by one, whatever else needs the values between", async () => {
    const { executor, bound } = watched(fusing);
    await fc.assert(
      fc.asyncProperty(drawnMaps, fc.nat({ max: 1000 }), async (drawn, seed) => {
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
    const [drawn] = fc.sample(drawnMaps, { numRuns: 1, seed: 1 });
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
