import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { vectorGateMask } from "../../src/compute/kernels/gate.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { builtIn } from "../../src/library.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";

interface Gating {
  batch: number;
  dimension: number;
  units: number;
  drive: Float32Array;
  gatingVectors: Float32Array;
}

/** Small whole numbers as drives: sums are exact, and t . v is often exactly 0. */
const gatings: fc.Arbitrary<Gating> = fc
  .record({ batch: fc.integer({ min: 1, max: 3 }), dimension: fc.integer({ min: 2, max: 5 }), pairs: fc.nat(3) })
  .chain(({ batch, dimension, pairs }) => {
    const units = 2 * (pairs + 1);
    const count = batch * dimension * units;
    return fc.record({
      batch: fc.constant(batch),
      dimension: fc.constant(dimension),
      units: fc.constant(units),
      drive: fc
        .array(fc.integer({ min: -2, max: 2 }), { minLength: count, maxLength: count })
        .map((values) => Float32Array.from(values)),
      gatingVectors: fc
        .array(fc.constantFrom(-1, 1), { minLength: dimension * units, maxLength: dimension * units })
        .map((values) => opposites(Float32Array.from(values), units)),
    });
  });

/** Makes every odd unit's vector the opposite of the even one before it. */
function opposites(vectors: Float32Array, units: number): Float32Array {
  return vectors.map((value, at) => ((at % units) % 2 === 0 ? value : -vectors[at - 1]!));
}

/** Rates of gated units, rates after gating once more, and the mask. */
async function gate({ batch, dimension, units, drive, gatingVectors }: Gating, executor: Executor = interpreter) {
  const plan = tracePlan("gate", {}, (trace) => {
    const values = trace.input("drive", [batch, dimension, units]);
    const constants = { gatingVectors: trace.input("gatingVectors", [dimension, units]) };
    const gain = builtIn.build("neuron", "gated", { units, dimension, channels: units, period: units });
    const once = gain.activate(values, constants).rates;
    trace.output("once", once);
    trace.output("twice", gain.activate(once, constants).rates);
    trace.output("mask", vectorGateMask({ drive: values, ...constants }).mask);
  });
  const session = await executor.load({ residents: {}, plans: { gate: plan } });
  const [results] = await session.run("gate", [{ drive, gatingVectors }]);
  const copies = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, [...values]]));
  await session.dispose();
  return copies as { once: number[]; twice: number[]; mask: number[] };
}

/** t . v of a unit. */
function projected({ dimension, units, drive, gatingVectors }: Gating, sample: number, unit: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k++)
    sum += drive[(sample * dimension + k) * units + unit]! * gatingVectors[k * units + unit]!;
  return sum;
}

describe("the vector gate", () => {
  it("passes a drive whole where t . v >= 0, and else nothing of it", async () => {
    await fc.assert(
      fc.asyncProperty(gatings, async (gating) => {
        const { once, mask } = await gate(gating);
        const { dimension, units, drive } = gating;
        once.forEach((rate, at) => {
          const [sample, unit] = [Math.floor(at / (dimension * units)), at % units];
          const passes = projected(gating, sample, unit) >= 0;
          expect(mask[sample * units + unit]).toBe(passes ? 1 : 0);
          expect(rate === (passes ? drive[at] : 0)).toBe(true);
        });
      }),
    );
  });

  it("is idempotent", async () => {
    await fc.assert(
      fc.asyncProperty(gatings, async (gating) => {
        const { once, twice } = await gate(gating);
        twice.forEach((rate, at) => {
          expect(rate === once[at]).toBe(true);
        });
      }),
    );
  });

  it("opens exactly one of two opposite units for one drive, and both only where t . v = 0", async () => {
    let zeros = 0;
    await fc.assert(
      fc.asyncProperty(gatings, async (gating) => {
        const { batch, dimension, units } = gating;
        // Both units of a pair get the drive of the even one.
        const drive = gating.drive.map((value, at) => ((at % units) % 2 === 0 ? value : gating.drive[at - 1]!));
        const { mask } = await gate({ ...gating, drive });
        for (let sample = 0; sample < batch; sample++)
          for (let even = 0; even < units; even += 2) {
            const open = mask[sample * units + even]! + mask[sample * units + even + 1]!;
            const zero = projected({ ...gating, dimension, drive }, sample, even) === 0;
            zeros += zero ? 1 : 0;
            expect(open).toBe(zero ? 2 : 1);
          }
      }),
    );
    expect(zeros).toBeGreaterThan(0);
  });

  it("opens both units where the drive is 0 or at a right angle to t, with and without accelerators", async () => {
    const gating = {
      batch: 2,
      dimension: 2,
      units: 6,
      drive: Float32Array.of(0, 0, 1, 1, 3, 3, 0, 0, -1, -1, 3, 3, -0, -0, -2, -2, 1, 1, 0, 0, 2, 2, -1, -1),
      gatingVectors: Float32Array.of(1, -1, 1, -1, 1, -1, 1, -1, 1, -1, -1, 1),
    };
    for (const accelerators of [true, false]) {
      const executor = await openDevice({ device: "cpu", provider: "gpujs", accelerators });
      expect((await gate(gating, executor)).mask).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
    }
  });
});
