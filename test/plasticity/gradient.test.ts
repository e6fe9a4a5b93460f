import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/compute/random.ts";
import { type CircuitCase, circuitCases, scalarGains } from "../arbitraries/circuit-cases.ts";
import { expectSameGradient, largestRate } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { circuitLosses } from "../oracles/circuit-loss.ts";
import { measure } from "../oracles/circuit-updates.ts";

/** Samples nearer than this to a kink of a gain function are left out: a step may cross it, or float32 decide otherwise. */
const safeMargin = 1e-3;
const step = 1e-5;

/**
 * d(mean loss of the chosen samples)/d(parameter) by central differences in float64, for at most so many values of each
 * parameter, by their places.
 */
function numericalGradient({ network, values, stimuli, labels }: CircuitCase, weights: Float32Array, most: number) {
  const shifted = new Map([...values].map(([name, array]) => [name, Float64Array.from(array)]));
  const loss = () =>
    circuitLosses(network.description, shifted, stimuli, labels).losses.reduce(
      (sum, value, sample) => sum + weights[sample]! * value,
      0,
    );
  const gradients = new Map<string, { places: readonly number[]; gradient: number[] }>();
  for (const { name } of network.parameters.filter(({ plastic }) => plastic)) {
    const array = shifted.get(name)!;
    const places = [...randomStream(1, name).permutation(array.length).slice(0, most)];
    const gradient = places.map((at) => {
      const value = array[at]!;
      array[at] = value + step;
      const above = loss();
      array[at] = value - step;
      const below = loss();
      array[at] = value;
      return (above - below) / (2 * step);
    });
    gradients.set(name, { places, gradient });
  }
  return gradients;
}

/** Weight 1 / n for the n samples that are safe, 0 for the others. */
function safeWeights({ network, values, stimuli, labels }: CircuitCase): Float32Array {
  const { margins } = circuitLosses(network.description, values, stimuli, labels);
  const safe = margins.map((margin) => margin > safeMargin);
  const count = safe.filter(Boolean).length;
  return Float32Array.from(safe, (chosen) => (chosen ? 1 / count : 0));
}

const vectorGains = ["gated", ...scalarGains];
const signs = ["excitatory", "inhibitory", "mixed"] as const;
const families: Record<string, fc.Arbitrary<CircuitCase>> = {
  "chains of gated vector populations": circuitCases({ units: "vector", wiring: "chain", signs }),
  "branching vector circuits with any gain": circuitCases({ units: "vector", wiring: "branching", signs, vectorGains }),
  "scalar circuits with any gain": circuitCases({ units: "scalar", wiring: "branching", signs }),
  "circuits of scalar, then vector populations": circuitCases({ units: "both", wiring: "branching", signs }),
  "circuits without biases": circuitCases({ units: "both", wiring: "branching", signs, biases: false }),
  "chains of gated vector maps": mapCases({ units: "vector", wiring: "chain", signs }),
  "branching vector maps with any gain": mapCases({ units: "vector", wiring: "branching", signs, vectorGains }),
  "scalar maps with any gain": mapCases({ units: "scalar", wiring: "branching", signs }),
  "scalar, then vector maps": mapCases({ units: "both", wiring: "branching", signs, vectorGains }),
};

describe("back-propagation", () => {
  for (const [name, family] of Object.entries(families))
    it(`is the numerical gradient of the mean loss in ${name}`, async () => {
      let samples = 0;
      await fc.assert(
        fc.asyncProperty(family, async (drawn) => {
          const weights = safeWeights(drawn);
          samples += weights.filter((weight) => weight > 0).length;
          const { bp, rates } = await measure(drawn, weights);
          const most = name.includes("maps") ? 16 : Number.POSITIVE_INFINITY;
          for (const [parameter, { places, gradient }] of numericalGradient(drawn, weights, most)) {
            const update = bp.get(parameter);
            const found = update && Float32Array.from(places, (at) => update[at]!);
            expectSameGradient(found, gradient, largestRate(rates), parameter);
          }
        }),
        { numRuns: 30 },
      );
      expect(samples).toBeGreaterThan(30);
    });
});

describe("the forward pass", () => {
  for (const [name, draw] of Object.entries({ populations: circuitCases, maps: mapCases }))
    it(`gives the losses of the plain loops in circuits of ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(draw({ units: "both", wiring: "branching", signs, vectorGains }), async (drawn) => {
          const { network, values, stimuli, labels } = drawn;
          const { losses, margins } = circuitLosses(network.description, values, stimuli, labels);
          const { loss } = await measure(drawn);
          losses.forEach((value, sample) => {
            if (margins[sample]! > safeMargin)
              expect(Math.abs(loss[sample]! - value)).toBeLessThan(1e-4 * Math.max(1, value));
          });
        }),
        { numRuns: 50 },
      );
    });
});
