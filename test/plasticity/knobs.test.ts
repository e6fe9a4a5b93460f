import { describe, expect, it } from "vitest";
import { buildNetwork, buildRule, openDevice } from "../../src/built-in.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { builtIn } from "../../src/library.ts";
import { startValues } from "../../src/plasticity/learning-program.ts";
import { smallCircuits, trainSmall } from "./small-training.ts";

const executor = await openDevice({ device: "cpu", provider: "gpujs", accelerators: false });

const scalar = gevbCircuit({
  image: { height: 6, width: 4, channels: 1 },
  classes: 4,
  sign: "mixed",
  arch: "dense",
  units: "conventional",
  hidden: [8, 6],
});

/** Settings that a rule needs, a small circuit that it trains, and another value of each of its settings. */
const rules: Readonly<
  Record<string, { needs?: object; circuit?: typeof scalar; others: Readonly<Record<string, unknown>> }>
> = {
  gevb: { others: {} },
  bp: { others: {} },
  fa: { circuit: scalar, others: {} },
  dfa: { circuit: scalar, others: {} },
  "node-perturbation": { others: { amplitude: 0.5 } },
  "three-factor": { others: { amplitude: 0.5, decay: 0.9, averaging: 0.2 } },
  "by-pathway": { needs: { forward: { kind: "fa" } }, circuit: scalar, others: { forward: { kind: "dfa" } } },
};

it("every registered rule is listed here, with every setting that it takes", () => {
  expect(Object.keys(rules).sort()).toEqual(
    builtIn
      .list("rule")
      .map(({ kind }) => kind)
      .sort(),
  );
  for (const [kind, { others }] of Object.entries(rules))
    expect([kind, Object.keys(others).sort()]).toEqual([
      kind,
      Object.keys(builtIn.get("rule", kind).settings.shape).sort(),
    ]);
});

describe.each(Object.entries(rules))("the rule %s", (kind, { needs = {}, circuit = smallCircuits.dense, others }) => {
  const trained = (changed: object = {}) =>
    trainSmall(executor, buildRule({ kind, ...needs, ...changed }), { circuit, steps: 4 });

  it("moves every parameter that learns, in a circuit that is alive", async () => {
    const network = buildNetwork(circuit);
    const start = startValues(network, buildRule({ kind, ...needs }), 1);
    const { residents, losses } = await trained();
    for (const { name, plastic } of network.parameters) {
      const moved = residents.get(name)!.filter((value, at) => value !== start.get(name)![at]).length;
      // Of units that are on for some stimulus; of what does not learn nothing.
      if (plastic) expect(moved, name).toBeGreaterThan(residents.get(name)!.length / 4);
      else expect(moved, name).toBe(0);
    }
    expect(new Set(losses.flat()).size).toBeGreaterThan(losses.flat().length / 2);
  });

  for (const [setting, value] of Object.entries(others))
    it(`learns otherwise with another ${setting}`, async () => {
      const [usual, changed] = [await trained(), await trained({ [setting]: value })];
      for (const { name, plastic } of buildNetwork(circuit).parameters)
        if (plastic) expect(changed.residents.get(name), name).not.toEqual(usual.residents.get(name));
    });
});

/** Another value of each setting of an optimiser than its default, or than a rate of 0.01. */
const otherSettings = { rate: 0.02, momentum: 0.5, beta1: 0.5, beta2: 0.9, epsilon: 0.01, decay: 0.5 };

describe.each(builtIn.list("optimiser"))("the optimiser $kind", ({ kind, settings }) => {
  const trained = (changed: object = {}) =>
    trainSmall(executor, buildRule({ kind: "gevb" }), { settings: { kind, rate: 0.01, ...changed }, steps: 3 });

  it.each(Object.keys(settings.shape))("moves weights otherwise with another %s", async (setting) => {
    const value = otherSettings[setting as keyof typeof otherSettings];
    expect(value).toBeDefined();
    const [usual, changed] = [await trained(), await trained({ [setting]: value })];
    for (const { name } of buildNetwork(smallCircuits.dense).parameters)
      if (name.endsWith("/weight")) expect(changed.residents.get(name), name).not.toEqual(usual.residents.get(name));
  });
});
