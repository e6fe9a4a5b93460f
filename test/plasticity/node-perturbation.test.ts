import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRule } from "../../src/built-in.ts";
import type { Population } from "../../src/circuits/network.ts";
import { nodePerturbation } from "../../src/plasticity/rules/node-perturbation.ts";
import { circuitCases } from "../arbitraries/circuit-cases.ts";
import { expectClose, relativeError } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { tinySmoothCases, withAllNoise } from "../arbitraries/tiny-smooth-cases.ts";
import { localUpdatesOf } from "../oracles/circuit-local-updates.ts";
import { lossOf, respond } from "../oracles/circuit-loss.ts";
import { measure, updatesBy } from "../oracles/circuit-updates.ts";
import { averageOverNoise, drawNoise, noiseOfSample } from "./noise.ts";

const smooth = ["linear", "tanh", "sigmoid", "softplus"];
const family = {
  units: "both",
  wiring: "branching",
  signs: ["mixed"],
  vectorGains: smooth,
  scalarGains: smooth,
} as const;

describe("node perturbation", () => {
  it("averages to the gradient over all signs of the noise, as its amplitude goes to 0", async () => {
    await fc.assert(
      fc.asyncProperty(tinySmoothCases, async (drawn) => {
        const { bp } = await measure(drawn);
        const average = await averageOverNoise(nodePerturbation(), drawn);
        expect([...average.keys()].sort()).toEqual([...bp.keys()].sort());
        for (const [name, gradient] of bp)
          expect(relativeError(average.get(name)!, gradient, 0.1), name).toBeLessThan(1e-2);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ["populations", circuitCases(family)],
    ["maps", mapCases({ ...family, topologies: ["convolutional", "local", "dense", "average-pool"] })],
  ])("is, for any noise, its equation with the rates without noise (%s)", async (_what, cases) => {
    const amplitude = 0.5;
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async (drawn, seed) => {
        const { network, values, stimuli, labels, batch } = drawn;
        const { description } = network;
        const inputs = stimuli.length / batch;
        const noise = drawNoise(drawn, seed);
        const wanted = new Map<string, Float64Array>();
        for (let sample = 0; sample < batch; sample++) {
          const stimulus = [...stimuli.subarray(sample * inputs, (sample + 1) * inputs)];
          const own = noiseOfSample(description, noise, { batch, sample, amplitude });
          const [clean, noisy] = [respond(description, values, stimulus), respond(description, values, stimulus, own)];
          const change = lossOf(noisy.scores, labels[sample]!) - lossOf(clean.scores, labels[sample]!);
          const factor = change / amplitude ** 2 / batch;
          const atDrives = new Map(
            [...own].map(([name, rows]) => [name, rows.map((row) => row.map((x) => factor * x))]),
          );
          for (const [name, update] of localUpdatesOf(description, atDrives, clean.rates))
            wanted.set(
              name,
              update.map((value, at) => value + (wanted.get(name)?.[at] ?? 0)),
            );
        }
        const got = await updatesBy(buildRule(nodePerturbation({ amplitude })), drawn, { noise });
        expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
        for (const [name, update] of wanted)
          expect(relativeError(got.get(name)!, update, 0.1), name).toBeLessThan(1e-4);
      }),
      { numRuns: 25 },
    );
  });

  it("errs by the square of the amplitude", async () => {
    const errors = [0.4, 0.2, 0.1].map(async (amplitude) => {
      const rule = buildRule(nodePerturbation({ amplitude }));
      let total = 0;
      for (const circuitCase of fc.sample(tinySmoothCases, { seed: 1, numRuns: 20 })) {
        const { bp } = await measure(circuitCase);
        const { drawn, noise } = withAllNoise(circuitCase);
        for (const [name, update] of await updatesBy(rule, drawn, { noise }))
          update.forEach((value, at) => {
            total += Math.abs(value - bp.get(name)![at]!);
          });
      }
      return total;
    });
    const [large, middle, small] = await Promise.all(errors);
    for (const ratio of [large! / middle!, middle! / small!]) {
      expect(ratio).toBeGreaterThan(3.5);
      expect(ratio).toBeLessThan(4.5);
    }
  });

  it("is 0 where the noise does not change the loss, whatever its sign", async () => {
    await fc.assert(
      fc.asyncProperty(tinySmoothCases, async (circuitCase) => {
        const silent = new Map([...circuitCase.values].map(([name, values]) => [name, values.map(() => 0)]));
        const { drawn, noise } = withAllNoise({ ...circuitCase, values: silent });
        // Without weights the noise of all but the readout goes nowhere; that of the readout changes all scores alike.
        const [readout] = drawn.network.readouts as [Population];
        const alike = new Map(
          [...noise].map(([name, values]) => [name, name === readout.name ? values.fill(1) : values]),
        );
        for (const [name, update] of await updatesBy(buildRule(nodePerturbation({ amplitude: 0.1 })), drawn, {
          noise: alike,
        }))
          expectClose(update, new Float32Array(update.length), name, 1e-2);
      }),
      { numRuns: 10 },
    );
  });
});
