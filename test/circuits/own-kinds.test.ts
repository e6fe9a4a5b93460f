import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { buildNetwork, buildOptimiser, buildRule, resolveCircuit } from "../../src/built-in.ts";
import { circuit, parseCircuit } from "../../src/circuits/circuit.ts";
import { defineConstraint } from "../../src/circuits/constraints/constraint.ts";
import { he } from "../../src/circuits/initialisers/he.ts";
import { defineInitialiser, drawEach } from "../../src/circuits/initialisers/initialiser.ts";
import { masked } from "../../src/circuits/topologies/masked.ts";
import { defineTopology } from "../../src/circuits/topologies/topology.ts";
import { defineKernel, type KernelThread, type KernelValues } from "../../src/compute/kernel.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { builtIn } from "../../src/library.ts";
import { elementwiseGain } from "../../src/neurons/elementwise-gain.ts";
import { leakyRelu } from "../../src/neurons/gains/leaky-relu.ts";
import { relu } from "../../src/neurons/gains/relu.ts";
import { defineNeuron } from "../../src/neurons/neuron.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { type CircuitCase, circuitCases, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { equalWeights, measure } from "../oracles/circuit-updates.ts";

type Power = { readonly exponent: number };

const power = defineKernel<"values", "result", Power>({
  name: "test-power",
  family: "gain",
  inputs: ["values"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["values"],
      body: function (this: KernelThread<"columns" | "exponent">, values: KernelValues) {
        const v = Math.max(values[this.thread.y * this.constants.columns + this.thread.x]!, 0);
        return v ** this.constants.exponent;
      },
    },
  },
  infer: ({ values }, { exponent }) => ({
    shapes: { result: values },
    constants: { exponent },
    flops: 2 * sizeOf(values),
  }),
});

const powerError = defineKernel<"error" | "drive", "result", Power>({
  name: "test-power-error",
  family: "error",
  inputs: ["error", "drive"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["error", "drive"],
      body: function (this: KernelThread<"columns" | "exponent">, error: KernelValues, drive: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const v = Math.max(drive[i]!, 0);
        return error[i]! * this.constants.exponent * v ** (this.constants.exponent - 1);
      },
    },
  },
  infer: ({ error }, { exponent }) => ({
    shapes: { result: error },
    constants: { exponent },
    flops: 4 * sizeOf(error),
  }),
});

/** rate = max(drive, 0)^exponent. */
const powerLaw = defineNeuron({
  kind: "power-law",
  summary: "rate = max(drive, 0)^exponent (exponent)",
  settings: z.strictObject({ exponent: z.number().min(1).max(4).default(2) }),
  refuse: (_settings, { dimension }) => (dimension > 1 ? "it is of scalar units" : undefined),
  build: (settings, population) =>
    elementwiseGain(
      population,
      (inputs) => power(inputs, settings),
      (inputs) => powerError(inputs, settings),
    ),
});

/** Units on a ring, each connected to those within reach. */
const ring = defineTopology({
  kind: "ring",
  summary: "neighbours on a ring (reach)",
  settings: z.strictObject({ reach: z.int().min(0).default(1) }),
  refuse: (_settings, { pre, post }) =>
    pre.units === post.units ? undefined : `a ring has one size, here ${pre.units} and ${post.units} units`,
  build: ({ reach }, layout, library) =>
    masked(library.build("topology", "dense", layout), () => {
      const { units } = layout.pre;
      return Float32Array.from({ length: units * units }, (_, at) => {
        const apart = Math.abs(Math.floor(at / units) - (at % units));
        return Math.min(apart, units - apart) <= reach ? 1 : 0;
      });
    }),
});

const constant = defineInitialiser({
  kind: "constant",
  summary: "the same weight everywhere (weight)",
  settings: z.strictObject({ weight: z.number().default(0.25) }),
  build: ({ weight }, layout) => drawEach(layout, () => weight),
});

/** Weights from 0 to a largest one. */
const bounded = defineConstraint({
  kind: "bounded",
  summary: "weights from 0 to a largest one (largest)",
  settings: z.strictObject({ largest: z.number().positive().default(0.5) }),
  build: ({ largest }) => ({
    signFrom: () => 1,
    bounds: { minimum: 0, maximum: largest },
    allowed: `weights from 0 to ${largest}`,
  }),
});

const library = builtIn.with(definePlugin({ name: "own", parts: [powerLaw, ring, constant, bounded] }));

const own = (units: number, exponent: number) =>
  circuit("own", (c) => {
    const input = c.input("input", { units: 3 });
    const cells = c.population("cells", { units, gain: powerLaw({ exponent }) });
    const more = c.population("more", { units, gain: { kind: "power-law", exponent: 3 } });
    c.project(input, cells);
    c.project(cells, more, { topology: ring(), initial: constant({ weight: -0.3 }), sign: bounded({ largest: 0.2 }) });
    c.project(more, c.population("report", { units: 2 }));
  });

describe("a circuit of own kinds", () => {
  const cases: fc.Arbitrary<CircuitCase> = fc
    .record({ units: fc.integer({ min: 1, max: 5 }), exponent: fc.constantFrom(2, 3), seed: fc.nat(1e6) })
    .map(({ units, exponent, seed }) => {
      const network = buildNetwork(own(units, exponent), library);
      const random = randomStream(seed, "batch");
      const values = network.initialise(seed);
      for (const name of ["cells/bias", "more/bias"]) values.set(name, new Float32Array(units).fill(0.5));
      return {
        network,
        values,
        batch: 2,
        stimuli: Float32Array.from({ length: 6 }, () => 0.3 * random.normal()),
        labels: Float32Array.of(0, 1),
      };
    });

  it("starts as they say: constant weights of the constraint's sign, clamped to its bounds, along the ring", () => {
    fc.assert(
      fc.property(cases, ({ network, values }) => {
        const units = network.populations[0]!.units;
        const mask = values.get("cells->more/mask")!;
        expect(mask.filter((value) => value === 1)).toHaveLength(units * Math.min(units, 3));
        expect(values.get("cells->more/weight")).toEqual(mask.map((value) => Math.fround(0.2) * value));
      }),
    );
  });

  it("learns along the numerical gradient of its loss", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const { bp, loss } = await measure(drawn);
        const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
        const step = 1e-2;
        for (const [name, values] of drawn.values) {
          if (name.endsWith("/mask")) continue;
          const at = values.length - 1;
          const shifted = async (by: number) => {
            const moved = values.slice();
            moved[at] = moved[at]! + by;
            return mean((await measure({ ...drawn, values: new Map([...drawn.values, [name, moved]]) })).loss);
          };
          const slope = ((await shifted(step)) - (await shifted(-step))) / (2 * step);
          const scale = Math.max(0.1, ...bp.get(name)!.map(Math.abs));
          // Where a connection does not exist, a change of its weight is none that a rule makes.
          const connected = drawn.values.get(name.replace("/weight", "/mask"));
          if (name.endsWith("/weight") && connected && connected[at] === 0) expect(bp.get(name)![at]).toBe(0);
          else expect(Math.abs(bp.get(name)![at]! - slope) / scale, `${name} of loss ${mean(loss)}`).toBeLessThan(0.05);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("keeps to the bounds of its own constraint when it is trained", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ network, values, ...rest }) => {
        const optimiser = buildOptimiser(adam({ rate: 0.3 }));
        const program = learningProgram({ network, rule: buildRule("bp"), optimiser, batch: 2 });
        const session = await interpreter.load(program);
        for (const [name, value] of values) await session.write(name, value);
        const feeds = { ...feedsOfCase({ network, ...rest }), weights: equalWeights(2) };
        for (const step of [1, 2, 3]) await session.run("train", [{ ...feeds, schedule: optimiser.schedule(step) }]);
        for (const weight of await session.read("cells->more/weight")) {
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(weight).toBeLessThanOrEqual(Math.fround(0.2));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("is refused in the kinds' own words, and by a library that does not know them", () => {
    const described = parseCircuit({
      ...own(3, 2),
      populations: own(3, 2).populations.map((population) => ({ ...population, units: population.name.length })),
    });
    expect(() => buildNetwork(described, library)).toThrow(
      new DescriptionError(
        'circuit "own", projection "cells->more": topology "ring": a ring has one size, here 5 and 4 units',
      ),
    );
    expect(() => buildNetwork(own(3, 2))).toThrow(
      /population "cells": gain function "power-law" is not known; known: /,
    );
    expect(() => powerLaw({ exponent: 9 })).toThrow(
      new DescriptionError('gain function "power-law": exponent: got 9, expected a number from 1 to 4'),
    );
  });
});

describe("a circuit's description", () => {
  const cases = fc.oneof(
    circuitCases({ units: "both", wiring: "branching", signs: ["mixed", "excitatory"] }),
    mapCases({ units: "both", wiring: "branching", signs: ["mixed", "inhibitory"] }),
  );

  it("comes out of the network that is built from it as it went in, every default written out", () => {
    fc.assert(
      fc.property(cases, ({ network: { description } }) => {
        const resolved = resolveCircuit(description);
        expect(resolved).toEqual(description);
        expect(buildNetwork(resolved).description).toEqual(resolved);
        // As it comes back out of a file, too.
        const read = parseCircuit(JSON.parse(JSON.stringify(resolved)));
        expect(JSON.stringify(resolveCircuit(read))).toBe(JSON.stringify(resolved));
      }),
    );
  });

  it("names a kind without settings by its bare name, however it was given", () => {
    const short = (gain: string | { kind: string }) =>
      resolveCircuit(
        circuit("short", (c) => {
          c.project(c.input("input", { units: 2 }), c.population("report", { units: 2, gain }), { initial: he() });
        }),
      );
    expect(short(relu())).toEqual(short("relu"));
    expect(short({ kind: "relu" }).populations[0]!.gain).toBe("relu");
    expect(short("relu").projections[0]).toMatchObject({ sign: "mixed", initial: { kind: "he" } });
    expect(short("leaky-relu")).toEqual(short(leakyRelu()));
    expect(short(leakyRelu({ slope: 0.2 })).populations[0]!.gain).toEqual({ kind: "leaky-relu", slope: 0.2 });
  });
});
