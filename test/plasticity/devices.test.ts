import { beforeAll, describe, expect, it } from "vitest";
import { buildRule, openDevice } from "../../src/built-in.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import type { DeviceChoice } from "../../src/compute/devices/choice.ts";
import { providers } from "../../src/compute/devices/providers.ts";
import { builtIn } from "../../src/library.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { fa } from "../../src/plasticity/rules/fa.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import { nodePerturbation } from "../../src/plasticity/rules/node-perturbation.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import { relativeError } from "../arbitraries/circuit-close.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { smallCircuits, type Trained, trainSmall } from "./small-training.ts";

/** Twenty steps of Adam carry float32 rounding of the first step on. */
const tolerance = 1e-4;
/**
 * A seed with which no drive comes to lie on the edge of its gate. Adam's first step moves every bias by the same amount, so
 * that where nothing else drives a unit, gating vector . bias is a sum of equal numbers of either sign: 0, or its rounding.
 */
const seed = 3;

/** What is trained: in maps with a rule of each channel, of which the noisy ones feed on differences of losses. */
const trainings: readonly { circuit: CircuitDescription; rule: LearningRule }[] = [
  { circuit: smallCircuits.dense, rule: buildRule(gevb()) },
  { circuit: smallCircuits.dense, rule: buildRule(bp()) },
  { circuit: smallCircuits.conv, rule: buildRule(gevb()) },
  { circuit: smallCircuits.conv, rule: buildRule(nodePerturbation({ amplitude: 0.3 })) },
  { circuit: smallCircuits.local, rule: buildRule(fa()) },
];

const choices: readonly DeviceChoice[] = [
  ...Object.keys(providers).flatMap((provider) => [
    { device: "cpu", provider, accelerators: true },
    { device: "cpu", provider, accelerators: false },
  ]),
  { device: "webasm" },
  { device: "webgpu" },
];

/** The kernel bodies themselves, called as plain functions. */
const expected = new Map<LearningRule, Trained>();
beforeAll(async () => {
  for (const { circuit, rule } of trainings) expected.set(rule, await trainSmall(interpreter, rule, { circuit, seed }));
});

function expectSame(got: Trained, wanted: Trained): void {
  expect([...got.residents.keys()]).toEqual([...wanted.residents.keys()]);
  for (const [name, values] of wanted.residents)
    expect(relativeError(got.residents.get(name)!, values, 1e-6), name).toBeLessThan(tolerance);
  expect(relativeError(got.losses.flat(), wanted.losses.flat())).toBeLessThan(tolerance);
}

for (const choice of choices) {
  const { device, provider, accelerators } = choice;
  const words = [device, provider, accelerators === false ? "without accelerators" : undefined].filter(Boolean);
  describe(`the same training on ${words.join(", ")}, one step a call and several`, () => {
    for (const { circuit, rule } of trainings)
      it(`leaves the weights, moments and losses that the kernel bodies say: ${circuit.name} by ${rule.name}`, async (test) => {
        const probes = [builtIn.get("device", device!), ...(provider ? [providers[provider]!] : [])];
        for (const probe of probes) {
          const { available, detail } = await probe.probe();
          if (!available) {
            console.log(`skipped ${words.join(", ")}: ${detail}`);
            test.skip(detail);
          }
        }
        const executor = await openDevice(choice);
        const single = await trainSmall(executor, rule, { circuit, seed });
        expectSame(single, expected.get(rule)!);
        // Compiling the plan once more takes WebGPU seconds; how steps follow in one call does not depend on the circuit.
        if (device === "webgpu" && circuit !== smallCircuits.dense) return;
        const several = await trainSmall(executor, rule, { circuit, seed, stepsPerCall: 4 });
        expectSame(several, expected.get(rule)!);
        // One call of four runs is four calls: the same kernels on the same values.
        if (device === "cpu") expect(several).toEqual(single);
        else expectSame(several, single);
      });
  });
}
