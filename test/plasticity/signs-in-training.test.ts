import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildOptimiser, buildRule } from "../../src/built-in.ts";
import { allowing } from "../../src/circuits/constraints/constraint.ts";
import { randomStream } from "../../src/compute/random.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import { adam, adamw } from "../../src/plasticity/optimisers/adam.ts";
import { momentum } from "../../src/plasticity/optimisers/momentum.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { byPathway } from "../../src/plasticity/rules/by-pathway.ts";
import { threeFactor } from "../../src/plasticity/rules/three-factor.ts";
import { feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { equalWeights } from "../oracles/circuit-updates.ts";

/** Steps large enough to push most weights over to the other side. */
const optimisers = fc.constantFrom(
  sgd({ rate: 0.2 }),
  momentum({ rate: 0.2 }),
  adam({ rate: 0.5 }),
  adamw({ rate: 0.5, decay: 0.1 }),
);

const kinds = ["gevb", "bp", "fa", "dfa", "node-perturbation", "three-factor"];
const rules = [
  ...kinds.map((kind) => ({ kind, pathway: "every pathway" })),
  ...kinds.map((kind) => ({ kind, pathway: "the forward pathway" })),
];

describe.each(rules)("training $pathway by $kind in circuits with maps", ({ kind, pathway }) => {
  // Its updates go as the inverse square of the amplitude, and would run away at these rates.
  const described = kind === "three-factor" ? threeFactor({ amplitude: 1 }) : { kind };
  const rule = buildRule(pathway === "every pathway" ? described : byPathway({ forward: described }));
  const units = kind === "fa" || kind === "dfa" ? "scalar" : "vector";
  const cases = mapCases({ units, wiring: "branching", signs: ["excitatory", "inhibitory"], depth: 2 });

  it("keeps every weight on its side of 0 under every optimiser, and leaves what is not plastic", async () => {
    let bounded = 0;
    await fc.assert(
      fc.asyncProperty(cases, optimisers, async ({ network, batch, stimuli, labels, values }, settings) => {
        // Such as gevb where scalar units pool the input.
        fc.pre(rule.refuse(network) === undefined);
        const optimiser = buildOptimiser(settings);
        const program = learningProgram({ network, rule, optimiser, batch });
        const session = await interpreter.load(program);
        const start = new Map([...startValues(network, rule, 1), ...values]);
        for (const [name, value] of start) await session.write(name, value);
        const noise = network.populations.map(({ name, dimension, units: count }): [string, Float32Array] => [
          explorationName(name, 0),
          randomStream(1, name).signs(batch * dimension * count),
        ]);
        const feeds = {
          ...feedsOfCase({ network, batch, stimuli, labels }),
          weights: equalWeights(batch),
          ...Object.fromEntries(noise.filter(([name]) => program.plans.train!.inputs.has(name))),
        };
        for (const step of [1, 2, 3]) await session.run("train", [{ ...feeds, schedule: optimiser.schedule(step) }]);
        for (const { name, constraint, plastic } of network.parameters) {
          const now = await session.read(name);
          if (!plastic) expect(now).toEqual(start.get(name));
          if (constraint)
            for (const weight of now) expect(allowing(constraint, 1)(weight, 0), `${name} ${weight}`).toBe(true);
          if (constraint && constraint.signFrom(0) !== 0)
            bounded += now.filter((weight, at) => weight === 0 && start.get(name)![at] !== 0).length;
        }
        for (const name of Object.keys(rule.fixed?.(network) ?? {}))
          expect(await session.read(name)).toEqual(start.get(name));
      }),
      { numRuns: 20 },
    );
    // The constraint had something to hold.
    expect(bounded).toBeGreaterThan(0);
  });
});
