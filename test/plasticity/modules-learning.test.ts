import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildOptimiser, buildRule } from "../../src/built-in.ts";
import { isWeighted } from "../../src/circuits/network.ts";
import { parameterShapes } from "../../src/circuits/observation.ts";
import { modularCircuit, uniformWiring } from "../../src/circuits/ready-made/modules.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { learningProgram, startValues, traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses } from "../../src/plasticity/objectives/classification.ts";
import { adam, adamw } from "../../src/plasticity/optimisers/adam.ts";
import { momentum } from "../../src/plasticity/optimisers/momentum.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { feedsFor, type ModulesCase, modulesCase, modulesCases } from "../arbitraries/modules-cases.ts";
import { signAllows } from "../arbitraries/signs.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";

const rules = ["bp", "fa", "dfa", "node-perturbation"];
/** Steps large enough to push many weights over to the other side. */
const optimisers = [
  sgd({ rate: 0.2 }),
  momentum({ rate: 0.2 }),
  adam({ rate: 0.3 }),
  adamw({ rate: 0.3, decay: 0.5 }),
] as const;

/** Trains a case and looks at all that it keeps after each step. */
async function train(
  { network, batch, values, feeds }: ModulesCase,
  { kind }: Part,
  settings: (typeof optimisers)[number],
  look: (read: (name: string) => Promise<Float32Array>) => Promise<void>,
): Promise<void> {
  const rule = buildRule(kind === "node-perturbation" ? { kind, amplitude: 0.1 } : { kind });
  const optimiser = buildOptimiser(settings);
  const program = learningProgram({ network, rule, optimiser, batch });
  const session = await interpreter.load(program);
  for (const [name, value] of new Map([...startValues(network, rule, 1), ...values])) await session.write(name, value);
  const taken = Object.fromEntries([...program.plans.train!.inputs.keys()].map((name) => [name, feeds[name]!]));
  for (const step of [1, 2, 3]) {
    await session.run("train", [{ ...taken, schedule: optimiser.schedule(step) }]);
    await look((name) => session.read(name));
  }
}

describe.each(rules)("modules that learn by %s", (kind) => {
  it("keep connections that do not exist at exactly 0, masks as they are, and signs, after every step", async () => {
    let learned = 0;
    let restored = 0;
    await fc.assert(
      fc.asyncProperty(modulesCases(), fc.constantFrom(...optimisers), async (drawn, settings) => {
        const { network, options, values } = drawn;
        const inhibitory = Math.round(options.inhibitoryFraction! * options.units);
        await train(drawn, { kind }, settings, async (read) => {
          for (const { pre, post, weight, maskName, sign } of network.projections.filter(isWeighted)) {
            const now = await read(weight);
            const before = values.get(weight)!;
            if (now.some((value, at) => value !== before[at])) learned++;
            const mask = maskName === undefined ? undefined : await read(maskName);
            if (mask) expect(mask).toEqual(values.get(maskName!));
            const between = pre.startsWith("module") && post.startsWith("module");
            for (const [at, value] of now.entries()) {
              const what = `${weight}[${at}] is ${value}`;
              expect(Number.isFinite(value), what).toBe(true);
              if (mask?.[at] === 0) expect(value === 0, what).toBe(true);
              if (!between) continue;
              const inhibits = at % options.units >= options.units - inhibitory;
              const side = sign === "dale" ? (inhibits ? "inhibitory" : "excitatory") : sign;
              expect(signAllows(side, value), `${what}, ${side}`).toBe(true);
              if (sign !== "mixed" && value === 0 && before[at] !== 0) restored++;
            }
          }
        });
      }),
      { numRuns: 20 },
    );
    expect(learned).toBeGreaterThan(0);
    // The constraints had something to hold.
    expect(restored).toBeGreaterThan(0);
  });

  it("take connections of which there are none for none at all", async () => {
    const updatesOf = async ({ network, batch, values, feeds }: ModulesCase) => {
      const rule = buildRule({ kind });
      const residents = {
        ...parameterShapes(network),
        ...Object.fromEntries(Object.entries(rule.fixed?.(network) ?? {}).map(([name, { shape }]) => [name, shape])),
      };
      const plan = tracePlan("updates", residents, (trace) => {
        const { circuit } = traceError(trace, network, namingClasses, batch);
        for (const [name, update] of rule.updates(circuit)) trace.output(name, update);
      });
      const session = await interpreter.load({ residents, plans: { updates: plan } });
      for (const [name, value] of new Map([...startValues(network, rule, 1), ...values]))
        await session.write(name, value);
      const taken = Object.fromEntries([...plan.inputs.keys()].map((name) => [name, feeds[name]!]));
      const [results] = await session.run("updates", [taken]);
      return results!;
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(2, 3), fc.nat(1000), async (modules, seed) => {
        const [none, absent] = await Promise.all(
          [{ connections: 0 }, 0 as const].map((between) =>
            updatesOf(modulesCase({ modules, wiring: uniformWiring(modules, between) }, { seed })),
          ),
        );
        for (const [name, update] of Object.entries(absent!)) expect([name, none![name]]).toEqual([name, update]);
        const others = Object.keys(none!).filter((name) => !(name in absent!));
        expect(others).toHaveLength(modules * (modules - 1));
        for (const name of others) expect(none![name]!.every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});

describe("modules that learn", () => {
  it("leave the module whose readout did not decide as it was, where nothing connects them", async () => {
    const decision = { time: "last" as const, module: { readout: "report-1" } };
    const drawn = modulesCase({ wiring: uniformWiring(2, 0), decision });
    await train(drawn, { kind: "bp" }, sgd({ rate: 0.2 }), async (read) => {
      expect(await read("module-2->module-2/weight")).toEqual(drawn.values.get("module-2->module-2/weight"));
      expect(await read("module-1->module-1/weight")).not.toEqual(drawn.values.get("module-1->module-1/weight"));
    });
  });

  it("learn a task of their own each, from examples", async () => {
    const decision = { time: "last" as const, module: "each" as const };
    const drawn = modulesCase({ wiring: uniformWiring(2, { connections: 1 }), decision, units: 8 }, { batch: 8 });
    const network = buildNetwork(modularCircuit(drawn.options));
    const optimiser = buildOptimiser(adam({ rate: 0.05 }));
    const program = learningProgram({ network, rule: buildRule({ kind: "bp" }), optimiser, batch: 8 });
    const session = await interpreter.load(program);
    for (const [name, value] of drawn.values) await session.write(name, value);
    const feeds = feedsFor(network, 8, 1);
    const taken = Object.fromEntries([...program.plans.train!.inputs.keys()].map((name) => [name, feeds[name]!]));
    const losses: number[] = [];
    for (let step = 1; step <= 60; step++) {
      const [results] = await session.run("train", [{ ...taken, schedule: optimiser.schedule(step) }]);
      losses.push(results!.loss!.reduce((sum, each) => sum + each, 0) / 8);
    }
    expect(losses.at(-1)!).toBeLessThan(0.05 * losses[0]!);
  });
});
