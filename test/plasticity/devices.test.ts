import { beforeAll, describe, expect, it } from "vitest";
import { type DeviceChoice, devices, openDevice, providers } from "../../src/compute/devices.ts";
import { buildRule } from "../../src/plasticity/rules/registry.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import { relativeError } from "../arbitraries/circuit-close.ts";
import "../compute/software-vulkan.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { type Trained, trainSmall } from "./small-training.ts";

/** Twenty steps of Adam carry float32 rounding of the first step on. */
const tolerance = 1e-4;
const rules = ["gevb", "bp"].map((kind) => buildRule({ kind }));

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
  for (const rule of rules) expected.set(rule, await trainSmall(interpreter, rule));
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
  describe(`the same training on ${words.join(", ")}`, () => {
    it("leaves the weights, moments and losses that the kernel bodies say, one step a call and several", async (test) => {
      const probes = [devices[device!]!, ...(provider ? [providers[provider]!] : [])];
      for (const probe of probes) {
        const { available, detail } = await probe.probe();
        if (!available) {
          console.log(`skipped ${words.join(", ")}: ${detail}`);
          test.skip(detail);
        }
      }
      const executor = await openDevice(choice);
      for (const rule of rules) {
        const single = await trainSmall(executor, rule);
        expectSame(single, expected.get(rule)!);
        const several = await trainSmall(executor, rule, { stepsPerCall: 4 });
        expectSame(several, expected.get(rule)!);
        // One call of four runs is four calls: the same kernels on the same values.
        if (device === "cpu") expect(several).toEqual(single);
        else expectSame(several, single);
      }
    });
  });
}
