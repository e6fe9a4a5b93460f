import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accuracyCount } from "../../../../src/papers/attention/measure/accuracy.ts";
import { exampleScenes } from "../../../../src/papers/attention/measure/examples.ts";
import { gatingCount } from "../../../../src/papers/attention/measure/gating.ts";
import type { SceneGlimpses } from "../../../../src/papers/attention/measure/scene-glimpses.ts";

const [classes, steps, side] = [4, 3, 3];
const pixelCount = side * side;
const pixelValues = (value: fc.Arbitrary<number>) =>
  fc.array(value, { minLength: pixelCount, maxLength: pixelCount }).map((values) => Float32Array.from(values));
const aClass = fc.integer({ min: 0, max: classes - 1 });

const scenes: fc.Arbitrary<SceneGlimpses> = fc.integer({ min: 1, max: 3 }).chain((count) => {
  const object = fc.integer({ min: 0, max: count - 1 });
  const glimpse = fc.record({
    asked: fc.boolean(),
    chosen: object,
    label: aClass,
    nearest: object,
    reported: fc.array(aClass, { minLength: steps, maxLength: steps }),
    gated: pixelValues(fc.constant(0)),
    attention: pixelValues(fc.float({ min: -1, max: 1, noNaN: true })),
    filtered: fc.constant([]),
  });
  return fc.record({
    map: fc.constant({ height: side, width: side, channels: 1 }),
    scene: pixelValues(fc.constant(0)),
    present: fc.constant(Array.from({ length: count }, (_, each) => each)),
    labels: fc.array(aClass, { minLength: count, maxLength: count }).map((labels) => Float32Array.from(labels)),
    pixels: fc.array(
      fc
        .array(fc.constantFrom(0, 1), { minLength: pixelCount, maxLength: pixelCount })
        .map((pixels) => Uint8Array.from(pixels)),
      { minLength: count, maxLength: count },
    ),
    // One that is asked comes first: without any there is nothing to score.
    glimpses: fc.tuple(
      glimpse.map((first) => ({ ...first, asked: true })),
      glimpse,
    ),
  });
});
const manyScenes = fc.array(scenes, { minLength: 1, maxLength: 8 });

describe("accuracy", () => {
  it("is the share of right reports, by glimpse and by iteration, of those that were asked", () => {
    fc.assert(
      fc.property(manyScenes, (seen) => {
        const count = accuracyCount(classes, steps);
        for (const scene of seen) count.see(scene);
        const { accuracy, asked: counted, iterations } = count.result();
        for (const [index, found] of accuracy.entries()) {
          const asked = seen.map(({ glimpses }) => glimpses[index]!).filter((glimpse) => glimpse.asked);
          const right = asked.filter(({ reported, label }) => reported[steps - 1] === label);
          expect(counted![index]).toBe(asked.length);
          if (asked.length === 0) expect(found).toBe(null);
          else expect(found).toBeCloseTo(right.length / asked.length, 12);
        }
        const all = seen.flatMap(({ glimpses }) => glimpses).filter(({ asked }) => asked);
        for (const { iteration, accuracy: found } of iterations) {
          const right = all.filter(({ reported, label }) => reported[iteration - 1] === label);
          expect(found).toBeCloseTo(right.length / all.length, 12);
        }
        expect(iterations.map(({ iteration }) => iteration)).toEqual([1, 2, 3]);
      }),
    );
  });

  it("tells of scenes with several objects how often the second glimpse moved on", () => {
    fc.assert(
      fc.property(manyScenes, (seen) => {
        const count = accuracyCount(classes, steps);
        for (const scene of seen) count.see(scene);
        const several = seen.filter(({ present }) => present.length > 1);
        const moved = several.filter(({ glimpses: [first, second] }) => first!.nearest !== second!.nearest);
        const { otherObject } = count.result();
        if (several.length === 0) expect(otherObject).toBeNull();
        else expect(otherObject).toBeCloseTo(moved.length / several.length, 12);
      }),
    );
  });
});

/** A scene of two objects of a pixel each and one that they share, attended as told. */
const oneScene = (attention: number[]): SceneGlimpses => ({
  map: { height: 1, width: 4, channels: 1 },
  scene: new Float32Array(4),
  present: [0, 1],
  labels: Float32Array.of(0, 1),
  pixels: [Uint8Array.of(1, 0, 1, 0), Uint8Array.of(0, 1, 1, 0)],
  glimpses: [
    {
      asked: true,
      chosen: 0,
      label: 0,
      nearest: 0,
      reported: [0],
      gated: new Float32Array(4),
      attention: Float32Array.from(attention),
      filtered: [],
    },
  ],
});

describe("gating", () => {
  const strengths = fc.constantFrom(0, 0.2, 1);

  it("counts every pixel that one object alone has, once a glimpse, as attended or not", () => {
    fc.assert(
      fc.property(manyScenes, strengths, fc.integer({ min: 2, max: 9 }), (seen, strength, bins) => {
        const count = gatingCount(strength, bins);
        const expected = { attended: 0, unattended: 0 };
        for (const scene of seen) {
          count.see(scene);
          for (const { asked, chosen } of scene.glimpses)
            for (let pixel = 0; asked && pixel < pixelCount; pixel++) {
              const others = scene.present.filter((each) => each !== chosen && scene.pixels[each]![pixel] === 1).length;
              if (scene.pixels[chosen]![pixel] === 1) expected.attended += others === 0 ? 1 : 0;
              else expected.unattended += others > 0 ? 1 : 0;
            }
        }
        const { gating, maskAgreement } = count.result();
        const total = (counts: number[]) => counts.reduce((sum, each) => sum + each, 0);
        expect(gating.attended).toHaveLength(bins);
        expect([total(gating.attended), total(gating.unattended)]).toEqual([expected.attended, expected.unattended]);
        const within = (value: number | null, low: number, high: number) => {
          expect(value).toBeGreaterThanOrEqual(low - 1e-12);
          expect(value).toBeLessThanOrEqual(high + 1e-12);
        };
        const showAny = seen.some(
          ({ present, pixels, glimpses }) =>
            glimpses.some(({ asked }) => asked) && present.some((object) => pixels[object]!.includes(1)),
        );
        if (showAny) within(maskAgreement, 0, 1);
        else expect(maskAgreement).toBeNull();
        for (const mean of [gating.meanAttended, gating.meanUnattended])
          if (mean !== null) within(mean, 1 - strength, 1 + strength);
      }),
    );
  });

  it("knows its bins, means and mask: an attended pixel let through, another one turned down", () => {
    const count = gatingCount(0.5, 4);
    count.see(oneScene([-1, 1, 0, 0]));
    count.see(oneScene([-0.5, 0.5, 0, 0]));
    const { gating, maskAgreement } = count.result();
    expect(gating).toMatchObject({ from: 0.5, to: 1.5, attended: [0, 0, 0, 2], unattended: [1, 1, 0, 0] });
    expect([gating.meanAttended, gating.meanUnattended]).toEqual([1.375, 0.625]);
    // Pixels of any object are three; 0.5 is not below the threshold.
    expect(maskAgreement).toBe(1);
    const missed = gatingCount(0.5, 4);
    missed.see(oneScene([0.6, 0.4, 0, 0]));
    expect(missed.result().maskAgreement).toBeCloseTo(1 / 3, 12);
  });
});

describe("scenes of a single object", () => {
  it("leave undefined what compares objects, as objects without pixels leave the agreement of the mask", () => {
    const alone = { ...oneScene([-1, 1, 0, 0]), present: [0] };
    const [accuracy, gating, blank] = [accuracyCount(classes, steps), gatingCount(0.5, 4), gatingCount(0.5, 4)];
    accuracy.see({ ...alone, glimpses: [alone.glimpses[0]!, { ...alone.glimpses[0]!, asked: false }] });
    expect(accuracy.result()).toMatchObject({ accuracy: [1, null], otherObject: null });
    gating.see(alone);
    expect(gating.result()).toMatchObject({
      maskAgreement: 1,
      gating: { attended: [0, 0, 1, 1], unattended: [0, 0, 0, 0], meanAttended: null, meanUnattended: null },
    });
    blank.see({ ...alone, pixels: [new Uint8Array(4), new Uint8Array(4)] });
    expect(blank.result().maskAgreement).toBeNull();
  });
});

describe("examples", () => {
  it("are the first scenes, in words, with the glimpses that were asked", () => {
    fc.assert(
      fc.property(manyScenes, fc.integer({ min: 0, max: 3 }), (seen, limit) => {
        const kept = exampleScenes(limit, ["a", "b", "c", "d"]);
        for (const each of seen) kept.see(each);
        const examples = kept.result();
        expect(examples).toHaveLength(Math.min(limit, seen.length));
        for (const [index, { objects, glimpses }] of examples.entries()) {
          expect(objects).toEqual([...seen[index]!.labels].map((label) => "abcd"[label]));
          const asked = seen[index]!.glimpses.filter((glimpse) => glimpse.asked);
          expect(glimpses.map(({ report }) => report)).toEqual(asked.map(({ reported }) => "abcd"[reported[2]!]));
        }
      }),
    );
  });
});
