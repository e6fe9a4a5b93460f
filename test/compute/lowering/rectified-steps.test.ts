import fc from "fast-check";
import { expect, test } from "vitest";
import { fusingSimd } from "../../../src/compute/accelerators/simd/simd.ts";
import type { Executor } from "../../../src/compute/executor.ts";
import { type Plan, tracePlan } from "../../../src/compute/plan.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { sizeOf } from "../../../src/compute/shape.ts";
import {
  type DrawnRectifiedMap,
  drawnRectifiedMap,
  traceRectifiedMap,
} from "../../arbitraries/fusible/rectified-maps.ts";
import { definition, watched } from "../accelerated.ts";
import { expectClose } from "../closeness.ts";

const mapPlan = (drawn: DrawnRectifiedMap): Plan => tracePlan("map", {}, (trace) => traceRectifiedMap(trace, drawn));

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
    fc.asyncProperty(drawnRectifiedMap, fc.nat({ max: 1000 }), special, async (drawn, seed, value) => {
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
