import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { allowing } from "../../src/circuits/constraints/constraint.ts";
import type { CircuitDescription, PopulationDescription } from "../../src/circuits/description.ts";
import { isWeighted } from "../../src/circuits/network.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { circuitCases } from "../arbitraries/circuit-cases.ts";

const cases = circuitCases({ units: "both", wiring: "branching", signs: ["excitatory", "inhibitory", "mixed"] });
const seeds = fc.integer({ min: 0, max: 0xffffffff });

describe("initial values of a network", () => {
  it("are bit-identical for the same seed", () => {
    fc.assert(
      fc.property(cases, seeds, ({ network }, seed) => {
        expect(network.initialise(seed)).toEqual(buildNetwork(network.description).initialise(seed));
      }),
    );
  });

  it("have other weights for another seed", () => {
    fc.assert(
      fc.property(cases, seeds, ({ network }, seed) => {
        const [values, others] = [network.initialise(seed), network.initialise(seed + 1)];
        for (const { weight } of network.projections.filter(isWeighted))
          expect(values.get(weight)).not.toEqual(others.get(weight));
      }),
    );
  });

  it("give each parameter a value that fits its shape and sign, and biases 0", () => {
    fc.assert(
      fc.property(cases, seeds, ({ network }, seed) => {
        const values = network.initialise(seed);
        expect([...values.keys()].sort()).toEqual(network.parameters.map(({ name }) => name).sort());
        for (const { name, shape, constraint } of network.parameters) {
          const array = values.get(name)!;
          expect(array.length).toBe(sizeOf(shape));
          if (constraint) expect(array.every((value) => allowing(constraint, 1)(value, 0))).toBe(true);
          if (name.endsWith("/bias")) expect(array.every((value) => value === 0)).toBe(true);
        }
      }),
    );
  });

  it("differ between projections and populations of the same sizes", () => {
    const network = buildNetwork(
      circuit("twins", (c) => {
        const input = c.input("input", { units: 8 });
        for (const name of ["left", "right"])
          c.project(input, c.population(name, { units: 8, dimension: 4, gain: gated() }));
        c.project(input, c.population("report", { units: 1, dimension: 4 }));
      }),
    );
    const values = network.initialise(1);
    for (const [left, right] of [
      ["input->left/weight", "input->right/weight"],
      ["left/gatingVectors", "right/gatingVectors"],
    ] as const)
      expect(values.get(left)).not.toEqual(values.get(right));
  });

  it("do not change where a population is added", () => {
    fc.assert(
      fc.property(cases, seeds, ({ network }, seed) => {
        const larger = buildNetwork(withBystander(network.description)).initialise(seed);
        for (const [name, values] of network.initialise(seed)) expect(larger.get(name)).toEqual(values);
        expect(larger.has("bystander/gatingVectors")).toBe(true);
      }),
    );
  });
});

/** The circuit with one more population, described before all others, that leads nowhere. */
function withBystander(description: CircuitDescription): CircuitDescription {
  const bystander: PopulationDescription = {
    name: "bystander",
    units: 4,
    dimension: 2,
    gain: "gated",
    bias: "channel",
    gates: "channel",
    leak: 1,
    noise: 0,
    inhibitoryFraction: 0,
  };
  const projection = { ...description.projections[0]!, pre: description.inputs[0]!.name, post: "bystander" };
  return {
    ...description,
    populations: [bystander, ...description.populations],
    projections: [projection, ...description.projections],
  };
}
