import { describe, expect, it } from "vitest";
import { buildRule, openDevice } from "../../src/built-in.ts";
import { smallCircuits, trainSmall } from "./small-training.ts";

describe("three training steps", () => {
  for (const [kind, circuit] of [
    ["gevb", smallCircuits.dense],
    ["bp", smallCircuits.conv],
    ["fa", smallCircuits.local],
    ["dfa", smallCircuits.local],
    ["node-perturbation", smallCircuits.conv],
    ["three-factor", smallCircuits.local],
  ] as const)
    it(`leave the same bits for the same seed, others for another (${kind})`, async () => {
      const executor = await openDevice({ device: "cpu" });
      const train = (seed: number) => trainSmall(executor, buildRule({ kind }), { circuit, seed, steps: 3 });
      const [first, again, other] = [await train(5), await train(5), await train(6)];
      expect(again).toEqual(first);
      expect(other.losses).not.toEqual(first.losses);
      for (const [name, values] of first.residents) expect(other.residents.get(name), name).not.toEqual(values);
    });
});
