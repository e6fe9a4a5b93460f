import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { randomStream } from "../../src/compute/random.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";
import { type RecurrentCase, recurrentCases } from "../arbitraries/recurrent-cases.ts";
import { respondInTime } from "../oracles/recurrent-response.ts";
import { measureInTime } from "../oracles/recurrent-updates.ts";

/** Samples nearer than this to a change of mind are left out: float32 may decide otherwise. */
const safeMargin = 1e-3;

/** The case with its circuit described in another way; parameters and feeds go by name. */
const redescribed = (drawn: RecurrentCase, change: object): RecurrentCase => ({
  ...drawn,
  network: buildNetwork({ ...drawn.network.description, ...change }),
});

describe("a circuit over several time steps", () => {
  it("does what plain loops from its description do", async () => {
    let samples = 0;
    await fc.assert(
      fc.asyncProperty(recurrentCases({ changing: true, binary: true }), async (drawn) => {
        const { network, values, feeds, batch } = drawn;
        const { rates, scores, loss } = await measureInTime(drawn);
        for (let sample = 0; sample < batch; sample++) {
          const expected = respondInTime(network.description, values, feeds, sample);
          if (expected.margin < safeMargin) continue;
          samples++;
          const own = (array: Float32Array) =>
            array.subarray(...[sample, sample + 1].map((at) => at * (array.length / batch)));
          expect([...rates.keys()].sort()).toEqual([...expected.rates.keys()].sort());
          for (const [state, wanted] of expected.rates) expectClose(own(rates.get(state)!), wanted.flat(), state);
          expect(scores.length).toBe(expected.scores.length);
          for (const [target, wanted] of expected.scores.entries()) expectClose(own(scores[target]!), wanted, "scores");
          expectClose(own(loss), [expected.loss], "loss");
        }
      }),
      { numRuns: 150 },
    );
    expect(samples).toBeGreaterThan(100);
  });

  it("gives at every step what one step gives, where nothing takes time or changes", async () => {
    await fc.assert(
      fc.asyncProperty(recurrentCases({ changing: false, binary: true }), async (drawn) => {
        const { steps, decision } = drawn.network.description;
        const inTime = await measureInTime(drawn);
        const { module } = decision;
        const once = await measureInTime(redescribed(drawn, { steps: 1, decision: { time: "last", module } }));
        expect(inTime.rates.size).toBe(steps * once.rates.size);
        for (const [state, rates] of inTime.rates) expect(rates).toEqual(once.rates.get(state.replace(/@.*/, "@0")));
        // A sum over time is another report than one step's.
        if (decision.time === "sum") return;
        for (const [target, scores] of inTime.scores.entries()) expectClose(scores, once.scores[target]!, "scores");
        for (const [name, update] of once.gradient) expectClose(inTime.gradient.get(name)!, update, name);
      }),
      { numRuns: 50 },
    );
  });

  it("does not depend on the order in which its parts are described", async () => {
    await fc.assert(
      fc.asyncProperty(recurrentCases({ changing: true, binary: false }), fc.nat(), async (drawn, seed) => {
        const { inputs, populations, projections } = drawn.network.description;
        const shuffled = <Part>(what: string, parts: readonly Part[]) =>
          [...randomStream(seed, what).permutation(parts.length)].map((at) => parts[at]!);
        const before = await measureInTime(drawn);
        const after = await measureInTime(
          redescribed(drawn, {
            inputs: shuffled("inputs", inputs),
            populations: shuffled("populations", populations),
            projections: shuffled("projections", projections),
          }),
        );
        expect([...after.rates.keys()].sort()).toEqual([...before.rates.keys()].sort());
        for (const [state, rates] of before.rates) expectClose(after.rates.get(state)!, rates, state);
        for (const [target, scores] of before.scores.entries()) expectClose(after.scores[target]!, scores, "scores");
        expect([...after.gradient.keys()].sort()).toEqual([...before.gradient.keys()].sort());
        for (const [name, update] of before.gradient) expectClose(after.gradient.get(name)!, update, name, 1e-3);
      }),
      { numRuns: 50 },
    );
  });
});
