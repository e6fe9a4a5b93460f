import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../../src/built-in.ts";
import { inhibitionName } from "../../../src/circuits/inhibition-of-return.ts";
import {
  attentionCircuit,
  reportName,
  stageNames,
} from "../../../src/circuits/ready-made/attention/attention-circuit.ts";
import { readAttentionOptions } from "../../../src/circuits/ready-made/attention/attention-options.ts";
import { takenName } from "../../../src/plasticity/objectives/attended-object.ts";
import { attentionCase, attentionCases, rowOf, whole } from "../../arbitraries/attention-cases.ts";
import { expectClose } from "../../arbitraries/circuit-close.ts";
import { inhibitionOf, show, stagesOf } from "../show-case.ts";
import { atStep } from "../show-glimpses.ts";

describe("an attention circuit", () => {
  it("is the plain feedforward network in its first iteration, and without strength in every one", async () => {
    const cases = attentionCases({ ...whole, iterations: 3, strength: 0 });
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const plain = { ...drawn.settings, feedback: false, lateral: false, iterations: 1 };
        const feedforward = { ...drawn, settings: plain, network: buildNetwork(attentionCircuit(plain)) };
        const values = new Map(feedforward.network.parameters.map(({ name }) => [name, drawn.values.get(name)!]));
        const [expected] = await show({ ...feedforward, values });
        const strong = { ...drawn.settings, strength: 0.7 };
        const [gated] = await show({ ...drawn, settings: strong, network: buildNetwork(attentionCircuit(strong)) });
        const [ungated] = await show(drawn);
        const scores = expected![atStep(reportName, 0)]!;
        expect(gated![atStep(reportName, 0)]).toEqual(scores);
        for (const step of [0, 1, 2]) expect(ungated![atStep(reportName, step)]).toEqual(scores);
      }),
      { numRuns: 15 },
    );
  });

  it("closes its gates to 1 - s where return is inhibited everywhere", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 3 }), async (drawn) => {
        const { settings, scenes } = drawn;
        const [results] = await show(drawn, [true], { kept: inhibitionOf(drawn, () => 1) });
        const closed = (rates: Float32Array) => Array.from(rates, (rate) => (1 - settings.strength) * rate);
        for (const step of [1, 2])
          for (const [stage, { gated }] of stagesOf(drawn).entries()) {
            const below = stage === 0 ? scenes.stimuli : results![atStep(stageNames(stage).pooled, step)]!;
            expectClose(results![atStep(gated, step)]!, closed(below), gated, 1e-6);
          }
      }),
      { numRuns: 15 },
    );
  });

  it("turns no rate down below 1 - s of it, nor up above 1 + s", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 3 }), async (drawn) => {
        const { settings, scenes } = drawn;
        for (const results of await show(drawn, [false, true]))
          for (const step of [0, 1, 2])
            results[atStep("gated-1", step)]!.forEach((rate, unit) => {
              const factor = rate / scenes.stimuli[unit]!;
              expect(factor).toBeGreaterThanOrEqual(1 - settings.strength - 1e-6);
              expect(factor).toBeLessThanOrEqual(1 + settings.strength + 1e-6);
            });
      }),
      { numRuns: 15 },
    );
  });

  it("sees each sample alone: scenes in another order give the same in that order", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 3 }), fc.nat(), async ({ settings, count }, seed) => {
        const drawn = attentionCase(settings, 3, count, seed);
        const order = [2, 0, 1];
        const inOrder = (values: Float32Array) =>
          Float32Array.from(order.flatMap((sample) => [...rowOf(values, sample, 3)]));
        const { stimuli, objects, labels, weights, present } = drawn.scenes;
        const scenes = {
          batch: 3,
          stimuli: inOrder(stimuli),
          objects: inOrder(objects),
          labels: inOrder(labels),
          weights: inOrder(weights),
          present: inOrder(present),
        };
        const [straight, turned] = [await show(drawn, [false, true]), await show(drawn, [false, true], { scenes })];
        straight.forEach((results, glimpse) => {
          for (const [name, values] of Object.entries(results))
            expect(turned[glimpse]![name], name).toEqual(inOrder(values));
        });
      }),
      { numRuns: 10 },
    );
  });

  it("inhibits ever more over the glimpses at a scene, and nothing when a new one comes", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 3 }), async (drawn) => {
        const names = stagesOf(drawn).map(({ attention }) => inhibitionName(attention));
        const shown = await show(drawn, [false, true, true]);
        for (const name of [...names, takenName])
          for (const [glimpse, results] of shown.entries())
            results[name]!.forEach((value, unit) => {
              expect([0, 1]).toContain(value);
              expect(value).toBeGreaterThanOrEqual(glimpse === 0 ? 0 : shown[glimpse - 1]![name]![unit]!);
            });
        const again = await show(drawn, [false, true, false]);
        expect(again[2]).toEqual(shown[0]);
      }),
      { numRuns: 15 },
    );
  });

  it("moves its first pooled map by one unit where the scene moves by the stride of the pool, away from the border", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(1, 2), async (seed, kernel) => {
        const [height, width] = [6, 12];
        const image = { height, width, channels: 1 };
        const stages = [{ channels: 2, kernel }];
        const settings = readAttentionOptions({ image, stages, strength: 0.2, classes: 2, iterations: 1 });
        const drawn = attentionCase(settings, 1, 1, seed);
        const moved = drawn.scenes.stimuli.map((_, unit) => drawn.scenes.stimuli[unit - 2] ?? 0);
        const pooled = atStep("pooled-1", 0);
        const [[still], [shifted]] = [
          await show(drawn),
          await show(drawn, [false], { scenes: { ...drawn.scenes, stimuli: moved } }),
        ];
        const columns = Math.floor((width - kernel + 1) / 2);
        const rows = Math.floor((height - kernel + 1) / 2);
        for (let row = 0; row < rows; row++)
          for (let column = 1; column < columns; column++)
            for (let channel = 0; channel < 2; channel++) {
              const at = (row * columns + column) * 2 + channel;
              expect(shifted![pooled]![at]).toBe(still![pooled]![at - 2]);
            }
      }),
      { numRuns: 20 },
    );
  });
});
