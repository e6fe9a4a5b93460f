import fc from "fast-check";
import { describe, it } from "vitest";
import { type CircuitCase, type CircuitFamily, circuitCases } from "../arbitraries/circuit-cases.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { equalWeights, measure } from "../oracles/circuit-updates.ts";

const family: CircuitFamily = { units: "both", wiring: "branching", signs: ["excitatory", "inhibitory", "mixed"] };
const vectorFamily: CircuitFamily = { ...family, units: "vector" };

const families = [
  { rule: "gevb", name: "gevb", cases: circuitCases(vectorFamily) },
  { rule: "bp", name: "bp", cases: circuitCases(family) },
  { rule: "gevb", name: "gevb, maps", cases: mapCases(vectorFamily) },
  { rule: "bp", name: "bp, maps", cases: mapCases(family) },
] as const;

/** The circuit with one sample of the batch. */
function sampleOf(drawn: CircuitCase, sample: number): CircuitCase {
  const inputs = drawn.stimuli.length / drawn.batch;
  return {
    ...drawn,
    batch: 1,
    stimuli: drawn.stimuli.slice(sample * inputs, (sample + 1) * inputs),
    labels: drawn.labels.slice(sample, sample + 1),
  };
}

/** The batch with more samples behind it, to be given weight 0. */
function padded(drawn: CircuitCase, more: number): CircuitCase {
  const inputs = drawn.stimuli.length / drawn.batch;
  const pad = (array: Float32Array, count: number, value: (at: number) => number) =>
    Float32Array.from([...array, ...Array.from({ length: count }, (_, at) => value(at))]);
  return {
    ...drawn,
    batch: drawn.batch + more,
    stimuli: pad(drawn.stimuli, more * inputs, (at) => Math.sin(at)),
    labels: pad(drawn.labels, more, () => 0),
  };
}

describe("the update of a batch", () => {
  for (const { rule, name: words, cases } of families) {
    it(`is the mean of its samples' updates (${words})`, async () => {
      await fc.assert(
        fc.asyncProperty(cases, async (drawn) => {
          const whole = (await measure(drawn))[rule];
          const means = new Map([...whole].map(([name, update]) => [name, new Float64Array(update.length)]));
          for (let sample = 0; sample < drawn.batch; sample++)
            for (const [name, update] of (await measure(sampleOf(drawn, sample)))[rule])
              update.forEach((value, at) => {
                means.get(name)![at]! += value / drawn.batch;
              });
          for (const [name, update] of whole) expectClose(update, means.get(name)!, name);
        }),
        { numRuns: 30 },
      );
    });

    it(`does not change with samples of weight 0 behind it (${words})`, async () => {
      await fc.assert(
        fc.asyncProperty(cases, fc.integer({ min: 1, max: 3 }), async (drawn, more) => {
          const weights = Float32Array.from([...equalWeights(drawn.batch), ...new Array<number>(more).fill(0)]);
          const whole = (await measure(drawn))[rule];
          const longer = (await measure(padded(drawn, more), weights))[rule];
          for (const [name, update] of whole) expectClose(longer.get(name)!, update, name, 1e-7);
        }),
        { numRuns: 30 },
      );
    });
  }
});
