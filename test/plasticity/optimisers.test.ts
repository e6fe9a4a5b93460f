import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { buildOptimiser, openDevice } from "../../src/built-in.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { adam, adamw } from "../../src/plasticity/optimisers/adam.ts";
import { momentum } from "../../src/plasticity/optimisers/momentum.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { constraintOf, type PlainSign, signAllows } from "../arbitraries/signs.ts";

/** More than four lanes, and not a multiple of them. */
const size = 11;
const signs: readonly PlainSign[] = ["excitatory", "inhibitory", "mixed"];

/** One step of an optimiser for a parameter of each sign, on a session that is opened once. */
async function openSteps(settings: Part, accelerators: boolean) {
  const optimiser = buildOptimiser(settings);
  const names = signs.flatMap((sign) => [sign, ...optimiser.memories.map((memory) => `${sign}/${memory}`)]);
  const residents = Object.fromEntries(names.map((name) => [name, [size]]));
  const plan = tracePlan("step", residents, (trace) => {
    const update = trace.input("update", [size]);
    const schedule = trace.input("schedule", [optimiser.scheduleSize]);
    for (const sign of signs) {
      const memories = Object.fromEntries(optimiser.memories.map((name) => [name, trace.resident(`${sign}/${name}`)]));
      const constraint = { ...constraintOf(sign).bounds, decays: true };
      const stepped = optimiser.step(trace.resident(sign), update, memories, schedule, constraint);
      trace.assign(sign, stepped.parameter);
      for (const [name, value] of Object.entries(stepped.memories)) trace.assign(`${sign}/${name}`, value);
    }
  });
  const executor = await openDevice({ device: "cpu", provider: "gpujs", accelerators });
  const session = await executor.load({ residents, plans: { step: plan } });
  return {
    optimiser,
    session,
    async start(weights: Float32Array) {
      for (const name of names) await session.write(name, new Float32Array(size));
      await session.write("excitatory", weights.map(Math.abs));
      await session.write(
        "inhibitory",
        weights.map((weight) => -Math.abs(weight)),
      );
      await session.write("mixed", weights);
    },
  };
}

const vector = (largest: number) =>
  fc.array(fc.float({ noNaN: true, min: Math.fround(-largest), max: Math.fround(largest) }), {
    minLength: size,
    maxLength: size,
  });
/** Updates of usual size, huge ones, and ones so small that their squares vanish. */
const updates = fc.oneof(vector(1), vector(1e30), vector(1e-30));

for (const settings of [
  sgd({ rate: 0.5 }),
  momentum({ rate: 0.5, momentum: 0.9 }),
  adam({ rate: 0.5 }),
  adamw({ rate: 0.5, decay: 0.01 }),
])
  for (const accelerators of [true, false])
    describe(`${settings.kind} ${accelerators ? "with" : "without"} accelerators`, async () => {
      const { optimiser, session, start } = await openSteps(settings, accelerators);
      afterAll(() => session.dispose());

      it("keeps every weight on its side of 0, whatever the updates", async () => {
        await fc.assert(
          fc.asyncProperty(vector(10), fc.array(updates, { minLength: 1, maxLength: 6 }), async (weights, steps) => {
            await start(Float32Array.from(weights));
            const feeds = steps.map((step, index) => ({
              update: Float32Array.from(step),
              schedule: optimiser.schedule(index + 1),
            }));
            for (const feed of feeds) {
              await session.run("step", [feed]);
              for (const sign of signs)
                for (const weight of await session.read(sign))
                  expect(signAllows(sign, weight), `${sign} weight ${weight}`).toBe(true);
            }
          }),
          { numRuns: 60 },
        );
      });

      it("leaves weights alone that the constraint does not bind", async () => {
        const weights = Float32Array.from({ length: size }, (_, index) => 5 + index);
        await start(weights);
        const update = Float32Array.from({ length: size }, (_, index) => (index % 3) - 1);
        await session.run("step", [{ update, schedule: optimiser.schedule(1) }]);
        expect(await session.read("excitatory")).toEqual(await session.read("mixed"));
        const moved = await session.read("mixed");
        moved.forEach((value, index) => {
          if (update[index] !== 0) expect(Math.sign(value - weights[index]!)).toBe(-Math.sign(update[index]!));
        });
      });

      it("lets a weight that was pushed to 0 come back", async () => {
        await start(new Float32Array(size).fill(0.01));
        await session.run("step", [{ update: new Float32Array(size).fill(1), schedule: optimiser.schedule(1) }]);
        expect([...(await session.read("excitatory"))]).toEqual(new Array(size).fill(0));
        for (let step = 2; step < 20; step++)
          await session.run("step", [{ update: new Float32Array(size).fill(-1), schedule: optimiser.schedule(step) }]);
        expect(Math.min(...(await session.read("excitatory")))).toBeGreaterThan(0);
      });
    });
