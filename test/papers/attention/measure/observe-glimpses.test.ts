import { describe, expect, it } from "vitest";
import { builtIn } from "../../../../src/library.ts";
import { accuracyCount } from "../../../../src/papers/attention/measure/accuracy.ts";
import { type AttentionObserver, observedParts } from "../../../../src/papers/attention/measure/attention-parts.ts";
import { gatingCount } from "../../../../src/papers/attention/measure/gating.ts";
import { observeGlimpses } from "../../../../src/papers/attention/measure/observe-glimpses.ts";
import { type SceneGlimpses, scenesOf } from "../../../../src/papers/attention/measure/scene-glimpses.ts";
import { accuracyByStrength, withStrength } from "../../../../src/papers/attention/measure/strengths.ts";
import { classes, objects, tinyObserver, tinyScenes } from "./tiny-scenes.ts";

async function look(observer: AttentionObserver, count: number, glimpses = 2): Promise<SceneGlimpses[]> {
  const scenes: SceneGlimpses[] = [];
  const observation = { glimpses, observed: observedParts(observer.parts) };
  for await (const batch of observeGlimpses(observer, tinyScenes(count), observation))
    scenes.push(...scenesOf(batch, observer.parts));
  return scenes;
}

const everyGlimpse = (scenes: readonly SceneGlimpses[]) =>
  scenes.flatMap(({ glimpses, ...scene }) => glimpses.map((glimpse, index) => ({ ...glimpse, ...scene, index })));

describe("glimpses at scenes", () => {
  it("are of every scene once, also where the last batch is short, and choose each object once", async () => {
    const scenes = await look(await tinyObserver(), 10, 3);
    expect(scenes).toHaveLength(10);
    for (const { present, glimpses } of scenes) {
      expect(glimpses.map(({ asked }) => asked)).toEqual([true, present.length > 1, false]);
      const chosen = glimpses.filter(({ asked }) => asked).map((glimpse) => glimpse.chosen);
      expect(chosen.sort()).toEqual(present);
    }
  });

  it("choose first the object that the gated scene is nearest to, and name its class", async () => {
    for (const { index, asked, chosen, nearest, label, labels } of everyGlimpse(await look(await tinyObserver(), 20))) {
      if (index === 0) expect(nearest).toBe(chosen);
      if (asked) expect(label).toBe(labels[chosen]);
    }
  });

  it("show the scene gated by one attention for all channels, which the record calls mean", async () => {
    const observer = await tinyObserver();
    for (const { gated, scene, attention } of everyGlimpse(await look(observer, 6)))
      for (let pixel = 0; pixel < attention.length; pixel++) {
        const factors = [2 * pixel, 2 * pixel + 1].map((unit) => gated[unit]! / scene[unit]!);
        expect((factors[0]! + factors[1]!) / 2).toBeCloseTo(1 - 0.4 * attention[pixel]!, 4);
      }
  });

  it("inhibit return to what they attended: the attention of the next one is 1 there", async () => {
    for (const { glimpses } of await look(await tinyObserver(), 8))
      for (let pixel = 0; pixel < glimpses[0]!.attention.length; pixel++)
        if (glimpses[0]!.inhibition![pixel] === 1) expect(glimpses[1]!.attention[pixel]).toBe(1);
  });

  it("have no attention where the circuit has none, or no time for it", async () => {
    for (const changes of [{ feedback: false, lateral: false }, { iterations: 1 }]) {
      const observer = await tinyObserver(changes);
      expect(observer.parts.strength).toBe(0);
      for (const { attention, gated, scene } of everyGlimpse(await look(observer, 4))) {
        expect(Math.max(...attention.map(Math.abs))).toBe(0);
        expect(gated).toEqual(scene);
      }
    }
  });
});

describe("strength of attention", () => {
  it("gates nothing at 0, whatever the weights: every factor is 1", async () => {
    const observer = await tinyObserver({ strength: 0 });
    const gating = gatingCount(observer.parts.strength, 4);
    for (const scene of await look(observer, 8)) {
      for (const { gated } of scene.glimpses) expect(gated).toEqual(scene.scene);
      gating.see(scene);
    }
    const { attended, unattended, meanAttended, meanUnattended } = gating.result().gating;
    expect([meanAttended, meanUnattended]).toEqual([1, 1]);
    for (const counts of [attended, unattended])
      expect(counts.map((count) => count > 0)).toEqual([false, false, true, false]);
  });

  it("is all that changes, and at the strength of the circuit nothing does", async () => {
    const { network } = await tinyObserver();
    expect(withStrength(network.description, 0.4)).toEqual(network.description);
    const { projections, ...rest } = withStrength(network.description, 0.9);
    const { projections: _, ...before } = network.description;
    expect(rest).toEqual(before);
    const changed = projections.filter(({ strength }) => strength === 0.9).map(({ pre, post }) => [pre, post]);
    expect(changed.sort()).toEqual([
      ["attention-1", "gated-1"],
      ["attention-2", "gated-2"],
    ]);
  });

  it("gives the accuracy of all glimpses at the strength of the circuit", async () => {
    const observer = await tinyObserver();
    const accuracy = accuracyCount(classes, observer.network.steps);
    let right = 0;
    let asked = 0;
    for (const scene of await look(observer, 10)) {
      accuracy.see(scene);
      for (const glimpse of scene.glimpses) {
        if (!glimpse.asked) continue;
        asked++;
        if (glimpse.reported.at(-1) === glimpse.label) right++;
      }
    }
    const description = { kind: "attended-object", objects, strength: 0.4 };
    const limits = { strengths: [0.4], glimpses: 2, limit: 10 };
    const [found] = await accuracyByStrength(observer, description, builtIn, tinyScenes(10), limits);
    expect(found!.accuracy).toBeCloseTo(right / asked, 12);
    expect(accuracy.result().iterations.at(-1)!.accuracy).toBeCloseTo(right / asked, 12);
  });
});
