import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { circuit, gated } from "../../src/circuits/circuit.ts";
import { circuitCase, circuitCases } from "../arbitraries/circuit-cases.ts";
import { type Measured, measure } from "../oracles/circuit-updates.ts";

/** Float32 rounding can turn a zero of the one into this much of the other. */
const tiny = 1e-9;

/** Products of update and gradient, element by element, over all parameters; a missing gradient is 0. */
function products({ gevb, bp }: Measured): number[] {
  return [...gevb].flatMap(([name, update]) => [...update].map((value, at) => value * (bp.get(name)?.[at] ?? 0)));
}

/** One sample of weight 1 at a time. */
const only = (batch: number, sample: number) => Float32Array.from({ length: batch }, (_, b) => (b === sample ? 1 : 0));

describe("sign of the gevb update of a sample", () => {
  for (const wiring of ["chain", "branching"] as const)
    it(`is that of the gradient, where weights beyond the input are excitatory (${wiring})`, async () => {
      await fc.assert(
        fc.asyncProperty(circuitCases({ units: "vector", wiring, signs: ["excitatory"] }), async (drawn) => {
          for (let sample = 0; sample < drawn.batch; sample++)
            for (const product of products(await measure(drawn, only(drawn.batch, sample))))
              expect(product).toBeGreaterThanOrEqual(-tiny);
        }),
        { numRuns: 60 },
      );
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
    const disagreeing = measured.filter((result) => products(result).some((product) => product < -tiny));
    expect(disagreeing.length).toBeGreaterThan(20);
  });
});
