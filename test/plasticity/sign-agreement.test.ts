import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { maxPool } from "../../src/circuits/topologies/pooling.ts";
import { convolutional, local } from "../../src/circuits/topologies/windowed.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { circuitCase, circuitCases } from "../arbitraries/circuit-cases.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { type Measured, measure } from "../oracles/circuit-updates.ts";

const gevbRule = buildRule({ kind: "gevb" });

/** Float32 rounding can turn a zero of the one into this much of the other. */
const tiny = 1e-9;

/** Gradients beyond this are no rounding, and then the rule must not be silent. */
const felt = 1e-5;

/** Holds every update to the sign of the gradient, element by element, over all parameters or some. */
function expectSigns({ gevb, bp }: Measured, of = (_name: string) => true): void {
  for (const [name, gradient] of bp)
    if (of(name))
      gradient.forEach((slope, at) => {
        const product = (gevb.get(name)?.[at] ?? 0) * slope;
        if (Math.abs(slope) > felt) expect(product, `${name} ${at}`).toBeGreaterThan(0);
        else expect(product, `${name} ${at}`).toBeGreaterThanOrEqual(-tiny);
      });
}

/** One sample of weight 1 at a time. */
const only = (batch: number, sample: number) => Float32Array.from({ length: batch }, (_, b) => (b === sample ? 1 : 0));

describe("sign of the gevb update of a sample", () => {
  for (const wiring of ["chain", "branching"] as const)
    it(`is that of the gradient, where weights beyond the input are excitatory (${wiring})`, async () => {
      await fc.assert(
        fc.asyncProperty(circuitCases({ units: "vector", wiring, signs: ["excitatory"] }), async (drawn) => {
          fc.pre(gevbRule.refuse(drawn.network) === undefined);
          for (let sample = 0; sample < drawn.batch; sample++)
            expectSigns(await measure(drawn, only(drawn.batch, sample)));
        }),
        { numRuns: 60 },
      );
    });

  for (const wiring of ["chain", "branching"] as const)
    it(`is that of the gradient with maps, where positions share no weights and pools take means (${wiring})`, async () => {
      const topologies = ["local", "dense", "average-pool"] as const;
      await fc.assert(
        fc.asyncProperty(mapCases({ units: "vector", wiring, signs: ["excitatory"], topologies }), async (drawn) => {
          fc.pre(gevbRule.refuse(drawn.network) === undefined);
          for (let sample = 0; sample < drawn.batch; sample++)
            expectSigns(await measure(drawn, only(drawn.batch, sample)));
        }),
        { numRuns: 60 },
      );
    });

  it("is that of the gradient for every bias, also for one that positions share", async () => {
    const topologies = ["convolutional", "local", "dense", "average-pool"] as const;
    const family = mapCases({ units: "vector", wiring: "branching", signs: ["excitatory"], topologies });
    await fc.assert(
      fc.asyncProperty(family, async (drawn) => {
        fc.pre(gevbRule.refuse(drawn.network) === undefined);
        for (let sample = 0; sample < drawn.batch; sample++) {
          const measured = await measure(drawn, only(drawn.batch, sample));
          expectSigns(measured, (name) => name.endsWith("/bias"));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is opposite to the gradient for a weight that two positions share, of which one matters more", async () => {
    const description = circuit("two positions", (c) => {
      const input = c.input("input", { map: { height: 1, width: 2, channels: 1 } });
      const map = c.population("map", { map: { height: 1, width: 2, channels: 1 }, dimension: 2, gain: gated() });
      c.project(input, map, { topology: convolutional({ kernel: 1 }) });
      c.project(map, c.population("report", { units: 1, dimension: 2 }), { sign: "excitatory" });
    });
    const values = new Map([
      ["input->map/weight", Float32Array.of(1, 1)],
      ["map/bias", Float32Array.of(3, 3)],
      ["map/gatingVectors", Float32Array.of(1, 1)],
      ["map->report/weight", Float32Array.of(1, 3)],
      ["report/bias", new Float32Array(2)],
    ]);
    const stimuli = { stimuli: Float32Array.of(2, -1), labels: Float32Array.of(0) };
    const { gevb, bp } = await measure({ ...circuitCase(description, 1, stimuli), values });
    // Both positions are on and e = (-1/2, 1/2): the rule adds 2 - 1 up, the gradient 1 * 2 - 3 * 1.
    expect([...gevb.get("input->map/weight")!]).toEqual([-0.5, 0.5]);
    expect([...bp.get("input->map/weight")!]).toEqual([0.5, -0.5]);
  });

  it("is opposite to the gradient below a maximum that the components of a unit do not all win", async () => {
    const map = { height: 2, width: 2, channels: 1 };
    const description = circuit("maximum", (c) => {
      const input = c.input("input", { map });
      const first = c.population("first", { map, dimension: 2, bias: "none" });
      const second = c.population("second", { map, dimension: 2, gain: gated(), bias: "none" });
      const pool = c.population("pool", { map: { height: 1, width: 1, channels: 1 }, dimension: 2, bias: "none" });
      c.project(input, first, { topology: local({ kernel: 1 }) });
      c.project(first, second, { topology: local({ kernel: 1 }), sign: "excitatory" });
      c.project(second, pool, { topology: maxPool({ size: 2 }) });
      c.project(pool, c.population("report", { units: 1, dimension: 2, bias: "none" }), { sign: "excitatory" });
    });
    const values = new Map([
      // Rates (3, 1), (4, 0), (0, 0) and (0, 0) of the four units.
      ["input->first/weight", Float32Array.of(3, 4, 0, 0, 1, 0, 0, 0)],
      ["first->second/weight", Float32Array.of(1, 1, 1, 1)],
      ["second/gatingVectors", Float32Array.of(1, 1)],
      ["pool->report/weight", Float32Array.of(1)],
    ]);
    const stimuli = { stimuli: Float32Array.of(1, 1, 1, 1), labels: Float32Array.of(0) };
    const { gevb, bp } = await measure({ ...circuitCase(description, 1, stimuli), values });
    // The maximum is (4, 1), the first unit's in the second component alone; e = (-q, q) with q = 1 - softmax(4, 1)[0].
    const q = 1 - 1 / (1 + Math.exp(-3));
    expect(gevb.get("first->second/weight")![0]).toBeCloseTo(-2 * q, 6);
    expect(bp.get("first->second/weight")![0]).toBeCloseTo(q, 6);
  });

  it("is opposite to the gradient beyond one inhibitory weight", async () => {
    const description = circuit("one inhibitory weight", (c) => {
      const input = c.input("input", { units: 1 });
      const hidden = c.population("hidden", { units: 2, dimension: 2, gain: gated() });
      const report = c.population("report", { units: 1, dimension: 2 });
      c.project(input, hidden);
      c.project(hidden, report, { sign: "mixed" });
    });
    const values = new Map([
      ["input->hidden/weight", Float32Array.of(1, 1, 1, 1)],
      ["hidden/bias", new Float32Array(4)],
      ["hidden/gatingVectors", Float32Array.of(1, -1, 1, -1)],
      ["hidden->report/weight", Float32Array.of(-1, 1)],
      ["report/bias", new Float32Array(2)],
    ]);
    const stimuli = { stimuli: Float32Array.of(1), labels: Float32Array.of(0) };
    const { gevb, bp } = await measure({ ...circuitCase(description, 1, stimuli), values });
    // Unit 0 is on with rate (1, 1) and e = (-1/2, 1/2); its outgoing weight -1 turns the gradient round.
    expect([...gevb.get("input->hidden/weight")!]).toEqual([-0.5, 0, 0.5, 0]);
    expect([...bp.get("input->hidden/weight")!].map((value) => value + 0)).toEqual([0.5, 0, -0.5, 0]);
  });

  it("disagrees somewhere in most mixed circuits", async () => {
    const cases = fc.sample(circuitCases({ units: "vector", wiring: "chain", signs: ["mixed"] }), {
      seed: 1,
      numRuns: 40,
    });
    const measured = await Promise.all(cases.map((drawn) => measure(drawn, only(drawn.batch, 0))));
    const disagreeing = measured.filter(({ gevb, bp }) =>
      [...bp].some(([name, gradient]) => gradient.some((slope, at) => gevb.get(name)![at]! * slope < -tiny)),
    );
    expect(disagreeing.length).toBeGreaterThan(20);
  });
});
