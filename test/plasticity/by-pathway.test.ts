import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { forwardPathway } from "../../src/circuits/forward-pathway.ts";
import type { Network } from "../../src/circuits/network.ts";
import { attentionCircuit } from "../../src/circuits/ready-made/attention/attention-circuit.ts";
import type { Results } from "../../src/compute/executor.ts";
import { startValues } from "../../src/plasticity/learning-program.ts";
import { byPathway } from "../../src/plasticity/rules/by-pathway.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import { type AttentionCase, attentionCases, whole } from "../arbitraries/attention-cases.ts";
import { circuitCases } from "../arbitraries/circuit-cases.ts";
import { show } from "../circuits/show-case.ts";
import { gradientOf, updateOf } from "../circuits/show-glimpses.ts";
import { updatesBy } from "../oracles/circuit-updates.ts";

const forwardBy = (kind: string) => buildRule(byPathway({ forward: kind }));

/** Parameters of the forward pathway, and all others that learn. */
function pathwaysOf(network: Network) {
  const forward = new Set(
    forwardPathway(network).flatMap(({ bias, incoming }) => [bias, ...incoming.map(({ weight }) => weight)]),
  );
  const plastic = network.parameters.filter((parameter) => parameter.plastic).map(({ name }) => name);
  return {
    forward: plastic.filter((name) => forward.has(name)),
    rest: plastic.filter((name) => !forward.has(name)),
  };
}

describe("the forward pathway", () => {
  it("is what drives a readout within the time step: no feedback, no modulator, no delay, no side branch", () => {
    const network = buildNetwork(
      circuit("pathways", (c) => {
        const [first, second, gate, back, aside, report, late] = [
          "first",
          "second",
          "gate",
          "back",
          "aside",
          "report",
          "late",
        ].map((name) => c.population(name, { units: 2 })) as [Handle, Handle, Handle, Handle, Handle, Handle, Handle];
        const input = c.input("input", { units: 2 });
        c.project(input, first);
        c.project(first, second);
        c.project(second, report);
        c.project(input, gate);
        c.project(gate, second, { effect: "modulatory" });
        c.project(report, back);
        c.project(back, first, { delay: 1 });
        c.project(first, aside);
        c.project(input, late);
        c.project(late, report, { delay: 1 });
        c.readout(report);
        c.steps(2);
      }),
    );
    expect(forwardPathway(network).map(({ name }) => name)).toEqual(["first", "second", "report"]);
  });
});

type Handle = { readonly name: string };

describe("a rule by pathway", () => {
  const chains = { wiring: "chain", signs: ["mixed", "excitatory"] } as const;
  for (const [kind, units] of [
    ["fa", "scalar"],
    ["dfa", "scalar"],
    ["gevb", "vector"],
    ["bp", "vector"],
  ] as const)
    it(`is ${kind} where everything is forward: the same updates from the same feedback`, async () => {
      await fc.assert(
        fc.asyncProperty(circuitCases({ ...chains, units }), fc.nat(), async (drawn, seed) => {
          const [rule, parted] = [buildRule({ kind }), forwardBy(kind)];
          const start = startValues(drawn.network, rule, seed);
          expect(startValues(drawn.network, parted, seed)).toEqual(start);
          const kept = new Map([...start].filter(([name]) => name.startsWith("feedback/")));
          expect(await updatesBy(parted, drawn, { kept })).toEqual(await updatesBy(rule, drawn, { kept }));
        }),
        { numRuns: 20 },
      );
    });

  it("keeps feedback for the forward pathway alone", () => {
    const network = buildNetwork(
      attentionCircuit({
        image: { height: 6, width: 6, channels: 1 },
        stages: [{ channels: 2, kernel: 3 }],
        classes: 2,
        strength: 0.2,
      }),
    );
    const kept = (rule: LearningRule) =>
      [...startValues(network, rule, 1).keys()].filter((name) => name.startsWith("feedback/"));
    expect(kept(forwardBy("fa"))).toEqual(["feedback/gated-1->v1", "feedback/pooled-1->report"]);
    expect(kept(buildRule({ kind: "fa" })).length).toBe(5);
    expect(kept(forwardBy("dfa"))).toEqual(["feedback/v1"]);
  });

  it("with back-propagation forward is back-propagation, through the whole loop", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 3 }), async (drawn) => {
        const results = await shown(drawn, forwardBy("bp"));
        const { forward, rest } = pathwaysOf(drawn.network);
        for (const name of [...forward, ...rest]) expect(results[updateOf(name)]).toEqual(results[gradientOf(name)]);
      }),
      { numRuns: 10 },
    );
  });

  const vector = { ...whole, iterations: 3, units: "vector", pooling: "average" } as const;
  for (const [kind, settings] of [
    ["fa", { ...whole, iterations: 3 }],
    ["dfa", { ...whole, iterations: 3 }],
    ["gevb", { ...vector, sign: "mixed" }],
  ] as const)
    it(`teaches the way back of attention by the gradient, and the forward weights by ${kind}, which hears the report alone`, async () => {
      const moved = { forward: 0, heard: 0 };
      await fc.assert(
        fc.asyncProperty(attentionCases(settings), async (drawn) => {
          const rule = forwardBy(kind);
          const { forward, rest } = pathwaysOf(drawn.network);
          expect(rest.every((name) => /feedback/.test(name))).toBe(true);
          expect(forward.some((name) => /feedback/.test(name))).toBe(false);
          const [mild, strict] = [await shown(drawn, rule, 1), await shown(drawn, rule, 30)];
          for (const name of rest) expect(mild[updateOf(name)]).toEqual(mild[gradientOf(name)]);
          for (const name of forward) {
            // However much the gated scene matters, what broadcast and forward channels carry is the report's error.
            if (sum(mild, "chosen") === sum(strict, "chosen"))
              expect(strict[updateOf(name)]).toEqual(mild[updateOf(name)]);
            if (differ(mild[updateOf(name)]!, mild[gradientOf(name)]!)) moved.forward++;
            if (differ(mild[gradientOf(name)]!, strict[gradientOf(name)]!)) moved.heard++;
          }
        }),
        { numRuns: 8 },
      );
      expect(moved.forward).toBeGreaterThan(10);
      expect(moved.heard).toBeGreaterThan(10);
    });
});

async function shown(drawn: AttentionCase, rule: LearningRule, penalty = 10): Promise<Results> {
  const values = startValues(drawn.network, rule, 1);
  const kept = Object.fromEntries([...values].filter(([name]) => name.startsWith("feedback/")));
  const [results] = await show(drawn, [false], { kept, gradients: true, rule, penalty });
  return results!;
}

const sum = (results: Results, name: string) => results[name]!.reduce((total, value) => total + value, 0);
const differ = (left: Float32Array, right: Float32Array) => left.some((value, at) => value !== right[at]);
