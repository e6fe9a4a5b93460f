import fc from "fast-check";
import { describe, it } from "vitest";
import { type CircuitCase, circuitCases, scalarGains } from "../arbitraries/circuit-cases.ts";
import { expectSameGradient, largestRate } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { autodiffGradient } from "../oracles/circuit-autodiff.ts";
import { circuitLosses } from "../oracles/circuit-loss.ts";
import { measure } from "../oracles/circuit-updates.ts";

async function expectSameAsAutodiff(drawn: CircuitCase): Promise<void> {
  const { network, values, stimuli, labels } = drawn;
  // Next to a kink, rounding may decide.
  fc.pre(circuitLosses(network.description, values, stimuli, labels).margins.every((margin) => margin > 1e-4));
  const expected = await autodiffGradient(drawn);
  const { bp, rates } = await measure(drawn);
  for (const [parameter, gradient] of expected)
    expectSameGradient(bp.get(parameter), gradient, largestRate(rates), parameter);
}

describe("back-propagation and TensorFlow.js", () => {
  for (const units of ["vector", "scalar", "both"] as const)
    it(`find the same gradient in branching circuits (populations: ${units})`, async () => {
      const family = circuitCases({
        units,
        wiring: "branching",
        signs: ["excitatory", "inhibitory", "mixed"],
        vectorGains: ["gated", ...scalarGains],
      });
      await fc.assert(fc.asyncProperty(family, expectSameAsAutodiff), { numRuns: 25 });
    });

  for (const units of ["vector", "scalar", "both"] as const)
    it(`find the same gradient in circuits with maps (populations: ${units})`, async () => {
      const family = mapCases({
        units,
        wiring: "branching",
        signs: ["excitatory", "inhibitory", "mixed"],
        vectorGains: ["gated", ...scalarGains],
      });
      await fc.assert(fc.asyncProperty(family, expectSameAsAutodiff), { numRuns: 25 });
    });
});
