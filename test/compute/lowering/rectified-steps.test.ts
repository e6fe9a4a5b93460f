import fc from "fast-check";
import { expect, test } from "vitest";
import { fusingSimd } from "../../../src/compute/accelerators/simd/simd.ts";
import type { Executor } from "../../../src/compute/executor.ts";
import { relu } from "../../../src/compute/kernels/gain.ts";
import { reluError } from "../../../src/compute/kernels/gain-error.ts";
import { addBias } from "../../../src/compute/kernels/pointwise.ts";
import { maxPoolTransport } from "../../../src/compute/kernels/pooling.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { sizeOf } from "../../../src/compute/shape.ts";
import { reshape } from "../../../src/compute/trace.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

const drawnMap = fc
  .record({
    samples: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 21 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 3, max: 7 }),
    width: fc.integer({ min: 3, max: 7 }),
    alsoRead: fc.constantFrom("nothing", "nothing", "biased", "sent"),
    rates: fc.constantFrom("same", "same", "other"),
  })
  // Windows side by side of two sites each way, as most pools are, have a path of their own.
  .chain((drawn) => fc.boolean().map((usual) => (usual ? { ...drawn, kernel: 2, stride: 2 } : drawn)));
type DrawnMap = typeof drawnMap extends fc.Arbitrary<infer T> ? T : never;

/** A rectified map forwards, and an error on its way back through a max pool of it. */
function mapPlan({ samples, channels, kernel, stride, height, width, alsoRead, rates }: DrawnMap): Plan {
  const units = height * width * channels;
  const places = (size: number) => Math.floor((size - kernel) / stride) + 1;
  return tracePlan("map", {}, (trace) => {
    const biased = addBias({
      drive: trace.input("drive", [samples, 1, units]),
      bias: trace.input("bias", [1, channels]),
    }).result;
    const rectified = relu({ values: reshape(biased, [samples * height * width, channels]) }).result;
    const map = reshape(rectified, [samples, units]);
    const error = trace.input("error", [samples, places(height) * places(width) * channels]);
    const sent = maxPoolTransport(
      { error, rates: map },
      { map: { height, width, channels }, kernel, stride, padding: 0 },
    ).result;
    const at = rates === "same" ? map : trace.input("other", [samples, units]);
    trace.output("rates", rectified);
    trace.output("result", reluError({ error: sent, rates: at }).result);
    if (alsoRead === "biased") trace.output("also", biased);
    if (alsoRead === "sent") trace.output("also", sent);
  });
}

const special = fc.constantFrom(undefined, undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

/** @param value stands in for one of what each input holds, if given */
async function run(executor: Executor, plan: Plan, seed: number, value: number | undefined) {
  const session = await executor.load({ residents: {}, plans: { map: plan } });
  const stream = randomStream(seed, "values");
  // Few different values: units that are equal, silent ones among them, stand beside each other.
  const feed = Object.fromEntries(
    [...plan.inputs].map(([name, id]) => [
      name,
      Float32Array.from({ length: sizeOf(plan.shapes[id]!) }, () => stream.integer(-2, 2) / 4),
    ]),
  );
  if (value !== undefined)
    for (const values of Object.values(feed)) values[stream.integer(0, values.length - 1)] = value;
  await session.run("map", [feed]);
  const [results] = await session.run("map", [feed]);
  const kept = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
  await session.dispose();
  return kept;
}

test("rectification in one pass with what comes before it equals both one by one, whatever else needs the value between", async () => {
  const { executor, bound } = watched(fusingSimd);
  await fc.assert(
    fc.asyncProperty(drawnMap, fc.nat({ max: 1000 }), special, async (drawn, seed, value) => {
      const plan = mapPlan(drawn);
      bound.length = 0;
      expectClose(await run(executor, plan, seed, value), await run(definition, plan, seed, value), 4);
      expect(bound).toEqual([
        ...(drawn.alsoRead === "biased" ? ["add-bias", "relu"] : ["add-bias-relu"]),
        ...(drawn.alsoRead === "sent" || drawn.rates === "other"
          ? ["max-pool-transport", "relu-error"]
          : ["max-pool-transport-relu"]),
      ]);
    }),
    { numRuns: 150 },
  );
});
