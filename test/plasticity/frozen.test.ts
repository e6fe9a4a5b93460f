import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildOptimiser, buildRule, resolveCircuit } from "../../src/built-in.ts";
import { parseCircuit } from "../../src/circuits/circuit.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import { isLearning, isPlastic, isWeighted } from "../../src/circuits/network.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { builtIn } from "../../src/library.ts";
import { readAlignment } from "../../src/plasticity/alignment.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import { adam, adamw } from "../../src/plasticity/optimisers/adam.ts";
import { momentum } from "../../src/plasticity/optimisers/momentum.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { threeFactor } from "../../src/plasticity/rules/three-factor.ts";
import { type CircuitCase, circuitCases, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { equalWeights, updatesBy } from "../oracles/circuit-updates.ts";

const optimisers = fc.constantFrom(
  sgd({ rate: 0.1 }),
  momentum({ rate: 0.1 }),
  adam({ rate: 0.1 }),
  adamw({ rate: 0.1, decay: 0.5 }),
);

/** The same circuit, in which the parts chosen by bits are frozen: projections with weights, then populations with biases. */
function freeze(description: CircuitDescription, bits: number): CircuitDescription {
  const { projections } = buildNetwork(description);
  let part = 0;
  const chosen = () => ((bits >> part++) & 1) === 1;
  return {
    ...description,
    projections: description.projections.map((projection, index) =>
      isWeighted(projections[index]!) && chosen() ? { ...projection, frozen: true } : projection,
    ),
    populations: description.populations.map((population) =>
      population.bias !== "none" && chosen() ? { ...population, frozen: true } : population,
    ),
  };
}

/** Names of the frozen parameters, from the description alone. */
const frozenNames = ({ projections, populations }: CircuitDescription) => [
  ...projections.filter(({ frozen }) => frozen).map(({ pre, post }) => `${pre}->${post}/weight`),
  ...populations.filter(({ frozen }) => frozen).map(({ name }) => `${name}/bias`),
];

const rules = builtIn
  .list("rule")
  .map(({ kind }) => kind)
  .filter((kind) => kind !== "by-pathway");

describe.each(rules)("training by %s with frozen parts", (kind) => {
  const rule = buildRule(kind === "three-factor" ? threeFactor({ amplitude: 1 }) : { kind });
  const units = kind === "fa" || kind === "dfa" ? "scalar" : "vector";
  const cases = mapCases({ units, wiring: "branching", signs: ["mixed", "excitatory"], depth: 2 });

  it("moves no frozen parameter under any optimiser, and others", async () => {
    let moved = 0;
    let frozen = 0;
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(255), optimisers, async (drawn, bits, settings) => {
        const network = buildNetwork(freeze(drawn.network.description, bits));
        fc.pre(rule.refuse(network) === undefined);
        const optimiser = buildOptimiser(settings);
        const { batch } = drawn;
        const program = learningProgram({ network, rule, optimiser, batch });
        const session = await interpreter.load(program);
        const start = new Map([...startValues(network, rule, 1), ...drawn.values]);
        for (const [name, value] of start) await session.write(name, value);
        const noise = network.populations.map(({ name, dimension, units: count }): [string, Float32Array] => [
          explorationName(name, 0),
          randomStream(1, name).signs(batch * dimension * count),
        ]);
        const feeds = {
          ...feedsOfCase({ ...drawn, network }),
          weights: equalWeights(batch),
          ...Object.fromEntries(noise.filter(([name]) => program.plans.train!.inputs.has(name))),
        };
        const { inputs } = program.plans.train!;
        const given = Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name)));
        for (const step of [1, 2])
          await session.run("train", [
            { ...given, ...(inputs.has("schedule") ? { schedule: optimiser.schedule(step) } : {}) },
          ]);
        const names = frozenNames(network.description);
        for (const name of names) expect(await session.read(name)).toEqual(start.get(name));
        frozen += names.length;
        for (const { name, plastic } of network.parameters) {
          const now = await session.read(name);
          if (plastic && now.some((value, at) => value !== start.get(name)![at])) moved++;
        }
        // What cannot move leaves nothing for the optimiser or the rule to remember.
        for (const name of names)
          expect(Object.keys(program.residents).filter((resident) => resident.startsWith(`${name}/`))).toEqual([]);
      }),
      { numRuns: 15 },
    );
    expect(frozen).toBeGreaterThan(0);
    expect(moved).toBeGreaterThan(0);
  });
});

describe("a description that says what is not frozen", () => {
  const cases = circuitCases({ units: "scalar", wiring: "branching", signs: ["mixed"] });

  it("is resolved to one that leaves it out, so that it is the same circuit", () => {
    fc.assert(
      fc.property(cases, fc.nat(255), ({ network: { description } }, bits) => {
        const frozen = parseCircuit(freeze(description, bits));
        const said = parseCircuit({
          ...frozen,
          projections: frozen.projections.map((projection) => ({ frozen: false, ...projection })),
          populations: frozen.populations.map((population) => ({ frozen: false, ...population })),
        });
        expect(JSON.stringify(resolveCircuit(said))).toBe(JSON.stringify(resolveCircuit(frozen)));
        expect(resolveCircuit(resolveCircuit(said))).toEqual(resolveCircuit(said));
      }),
    );
  });
});

describe("frozen weights", () => {
  const cases = circuitCases({ units: "scalar", wiring: "branching", signs: ["mixed"] });

  it("pass on the errors that they passed on before: updates of all other parameters stay the same", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(255), async (drawn, bits) => {
        const network = buildNetwork(freeze(drawn.network.description, bits));
        const bp = buildRule({ kind: "bp" });
        const before = await updatesBy(bp, drawn);
        const after = await updatesBy(bp, { ...drawn, network });
        const frozen = frozenNames(network.description);
        expect([...after.keys()].sort()).toEqual([...before.keys()].filter((name) => !frozen.includes(name)).sort());
        for (const [name, update] of after) expect(update).toEqual(before.get(name));
        compared += after.size;
      }),
      { numRuns: 30 },
    );
    expect(compared).toBeGreaterThan(0);
  });

  it("leave no population to learn where all that leads to it is frozen", () => {
    fc.assert(
      fc.property(cases, fc.nat(255), (drawn, bits) => {
        const { populations, description } = buildNetwork(freeze(drawn.network.description, bits));
        const frozen = frozenNames(description);
        for (const population of populations) {
          const parameters = [population.bias, ...population.incoming.map(({ weight }) => weight)];
          expect(isPlastic(population)).toBe(parameters.some((name) => name !== undefined && !frozen.includes(name)));
        }
      }),
    );
  });

  it("have no alignment, since no rule changes them", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(255), async (drawn, bits) => {
        const network = buildNetwork(freeze(drawn.network.description, bits));
        const rule = buildRule({ kind: "bp" });
        const program = learningProgram({
          network,
          rule,
          optimiser: buildOptimiser(sgd({ rate: 1 })),
          batch: drawn.batch,
        });
        const session = await interpreter.load(program);
        for (const [name, value] of drawn.values) await session.write(name, value);
        const { inputs } = program.plans.align!;
        const feeds = Object.entries({ ...feedsOfCase(drawn), weights: equalWeights(drawn.batch) });
        const [results] = await session.run("align", [Object.fromEntries(feeds.filter(([name]) => inputs.has(name)))]);
        const found = Object.keys(readAlignment(network, results!));
        const learning = network.projections.filter(isLearning).map(({ name }) => name);
        expect(found.every((name) => learning.includes(name))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});

describe("two projections between one pair of populations", () => {
  const cases = circuitCases({ units: "both", wiring: "branching", signs: ["mixed"] });

  /** A circuit with one of its projections split in two whose weights add up to those that it had. */
  function split({ network, values, ...batch }: CircuitCase, index: number, seed: number, frozen: boolean) {
    const { description } = network;
    const at = index % description.projections.length;
    const chosen = description.projections[at]!;
    const single = network.projections[at]!;
    const second = { ...chosen, name: "second", ...(frozen ? { frozen } : {}) };
    const projections = [...description.projections.slice(0, at + 1), second, ...description.projections.slice(at + 1)];
    const twice = buildNetwork({ ...description, projections });
    const whole = values.get(single.weight!)!;
    const random = randomStream(seed, "split");
    // Halves of whole numbers of 1/64 keep the sum exact.
    const part = Float32Array.from(whole, () => random.integer(-64, 64) / 64);
    const rest = whole.map((value, place) => value - part[place]!);
    const parted = new Map([...values, [single.weight!, rest], ["second/weight", part]]);
    return { single: single.weight!, case: { ...batch, network: twice, values: parted } as CircuitCase };
  }

  const close = (got: Float32Array, expected: Float32Array, what: string) => {
    const scale = Math.max(1e-3, ...expected.map(Math.abs));
    for (const [at, value] of expected.entries())
      expect(Math.abs(got[at]! - value) / scale, `${what} at ${at}`).toBeLessThan(1e-3);
  };

  it("drive and learn, each, as the one whose weights are their sum", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(20), fc.nat(), async (drawn, index, seed) => {
        const bp = buildRule({ kind: "bp" });
        const { single, case: parted } = split(drawn, index, seed, false);
        const [one, two] = [await updatesBy(bp, drawn), await updatesBy(bp, parted)];
        for (const [name, update] of one) close(two.get(name)!, update, name);
        if (one.has(single)) expect(two.get("second/weight")).toEqual(two.get(single));
      }),
      { numRuns: 30 },
    );
  });

  it("descend as one does where one of the two is frozen", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(20), fc.nat(), async (drawn, index, seed) => {
        const train = async ({ network, values, batch, ...rest }: CircuitCase) => {
          const optimiser = buildOptimiser(sgd({ rate: 0.01 }));
          const program = learningProgram({ network, rule: buildRule({ kind: "bp" }), optimiser, batch });
          const session = await interpreter.load(program);
          for (const [name, value] of values) await session.write(name, value);
          const feeds = { ...feedsOfCase({ network, batch, ...rest }), weights: equalWeights(batch) };
          for (const step of [1, 2]) await session.run("train", [{ ...feeds, schedule: optimiser.schedule(step) }]);
          return (name: string) => session.read(name);
        };
        const { single, case: parted } = split(drawn, index, seed, true);
        const [one, two] = [await train(drawn), await train(parted)];
        const [part, rest] = [await two("second/weight"), await two(single)];
        close(
          rest.map((value, at) => value + part[at]!),
          await one(single),
          single,
        );
        for (const { name } of drawn.network.parameters)
          if (name !== single) close(await two(name), await one(name), name);
      }),
      { numRuns: 20 },
    );
  });

  it("draw from streams of their own names, and leave the draws of all others as they were", () => {
    fc.assert(
      fc.property(cases, fc.nat(20), fc.nat(1e6), (drawn, index, seed) => {
        const { case: parted } = split(drawn, index, seed, false);
        const [one, two] = [drawn.network.initialise(seed), parted.network.initialise(seed)];
        for (const [name, value] of one) expect(two.get(name)).toEqual(value);
        const second = parted.network.projections.find(({ name }) => name === "second")!;
        expect(two.get("second/weight")).toHaveLength(sizeOf(second.weights!.shape));
        expect(two.get("second/weight")).not.toEqual(two.get(`${second.pre}->${second.post}/weight`));
      }),
    );
  });
});
