import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../../../src/built-in.ts";
import { digitAttention, sceneAttention } from "../../../../src/circuits/ready-made/attention/named-circuits.ts";
import { attentionParts, observedParts } from "../../../../src/papers/attention/measure/attention-parts.ts";
import { barScenes } from "../../../../src/papers/attention/measure/bar-scenes.ts";
import { barTuning } from "../../../../src/papers/attention/measure/bar-tuning.ts";
import { observeGlimpses } from "../../../../src/papers/attention/measure/observe-glimpses.ts";
import { scenesOf } from "../../../../src/papers/attention/measure/scene-glimpses.ts";
import { modulationCount } from "../../../../src/papers/attention/measure/stage-modulation.ts";
import { placesOf, positionNear, positionsAt } from "../../../../src/papers/attention/measure/stage-places.ts";
import { sequentialBatches } from "../../../../src/tasks/batches.ts";
import { addObject, sceneContext, sceneTrials } from "../../../../src/tasks/scenes/scene-trials.ts";
import { tinyObserver } from "./tiny-scenes.ts";

const [side, angles] = [14, 6];
const width = 1.5 * side;
const pixelCount = side * width;

/** Scenes of two "digits": full squares, the first of value 0.5 and class 1, the second of 0.25 and class 2. */
const squares = sceneTrials("squares", 5, { height: side, width, channels: 1, objects: 2 }, (scene) => {
  for (const object of [0, 1]) {
    for (let unit = 0; unit < pixelCount; unit++) {
      const column = (unit % width) - (side / 2) * object;
      if (column >= 0 && column < side) scene.objects[object]![unit] = object === 0 ? 0.5 : 0.25;
    }
    addObject(scene, object, object + 1);
  }
});
const bars = barScenes(squares, { angles, distractors: 2, noise: 0.3, seed: 1 });
const shown = sequentialBatches(bars.trials, { batch: bars.trials.count }).next().value!;
const row = (values: Float32Array, trial: number) => {
  const size = values.length / bars.trials.count;
  return values.subarray(trial * size, (trial + 1) * size);
};
const bar = (trial: number) => row(shown.context[sceneContext.objects]!, trial).subarray(0, pixelCount);
const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe("scenes of a bar and a digit", () => {
  it("show every orientation at both places beside each distractor, which stands at the other place", () => {
    expect(bars.trials.count).toBe(2 * 2 * angles);
    for (let trial = 0; trial < bars.trials.count; trial++) {
      const place = Math.floor(trial / angles) % 2;
      expect(bars.angleOf(trial)).toBe(trial % angles);
      expect(bars.middleOf(trial)).toEqual({ row: 6.5, column: 6.5 + 7 * place });
      expect([...row(shown.context[sceneContext.labels]!, trial)]).toEqual([0, place === 0 ? 2 : 1]);
      const digit = row(shown.context[sceneContext.objects]!, trial).subarray(pixelCount);
      expect(Math.max(...digit)).toBe(place === 0 ? 0.25 : 0.5);
    }
  });

  it("have bars of one size whose middle is that of their place, mirrored between 30 and 150 degrees", () => {
    for (let trial = 0; trial < bars.trials.count; trial++) {
      const pixels = bar(trial);
      const { row: middleRow, column } = bars.middleOf(trial);
      const mean = (place: (unit: number) => number) =>
        pixels.reduce((total, value, unit) => total + value * place(unit), 0) / sum(pixels);
      expect(mean((unit) => Math.floor(unit / width))).toBeCloseTo(middleRow, 4);
      expect(mean((unit) => unit % width)).toBeCloseTo(column, 4);
      expect(sum(pixels) / sum(bar(0))).toBeGreaterThan(0.85);
      expect(sum(pixels) / sum(bar(0))).toBeLessThan(1.15);
    }
    const turned = (pixels: Float32Array) =>
      pixels.map((_, unit) => pixels[(side - 1 - Math.floor(unit / width)) * width + (unit % width)]!);
    expect(turned(bar(1)).every((value, unit) => Math.abs(value - bar(5)[unit]!) < 1e-5)).toBe(true);
  });

  it("begin with a horizontal bar and turn counter-clockwise", () => {
    const at = (trial: number, line: number, column: number) => bar(trial)[line * width + column]!;
    expect(at(0, 6, 3)).toBeGreaterThan(0.4);
    expect(at(0, 3, 6)).toBe(0);
    // At 60 degrees the right half rises.
    expect(at(2, 3, 8)).toBeGreaterThan(0.4);
    expect(at(2, 3, 5)).toBe(0);
  });

  it("differ in the bar alone between orientations: noise and digit stay", () => {
    for (let trial = 1; trial < angles; trial++) {
      const [first, other] = [row(shown.stimuli[0]![0]!, 0), row(shown.stimuli[0]![0]!, trial)];
      for (let unit = 0; unit < pixelCount; unit++)
        if (bar(0)[unit] === 0 && bar(trial)[unit] === 0) expect(other[unit]).toBe(first[unit]);
    }
  });
});

describe("places of a stage's units", () => {
  const placesIn = (circuit: Parameters<typeof buildNetwork>[0]) =>
    placesOf(attentionParts(buildNetwork(circuit))!.stages).map(({ start, step }) => [start, step]);

  it("are known for filters of 4 and pools of 2", () => {
    expect(placesIn(digitAttention(2))).toEqual([
      [1.5, 1],
      [5, 2],
    ]);
    expect(placesIn(sceneAttention())).toEqual([
      [1.5, 1],
      [5, 2],
      [12, 4],
      [26, 8],
    ]);
  });

  const places = placesOf(attentionParts(buildNetwork(digitAttention(2)))!.stages);
  const scene = { height: 28, width: 42, channels: 1 };

  it("are nearest to a point, and each pixel has at most one that looks at it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.integer({ min: 5, max: 20 }),
        fc.integer({ min: 5, max: 34 }),
        (place, line, column) => {
          const near = positionNear(place, { row: line, column });
          const [y, x] = [Math.floor(near / place.map.width), near % place.map.width];
          expect(Math.abs(place.start + place.step * y - line)).toBeLessThanOrEqual(place.step / 2);
          expect(Math.abs(place.start + place.step * x - column)).toBeLessThanOrEqual(place.step / 2);
          const found = positionsAt(place, scene, new Set([line * scene.width + column]));
          expect(found.length).toBeLessThanOrEqual(1);
          if (place.step === 1) expect(found).toHaveLength(1);
        },
      ),
    );
  });

  it("are all of a map where every pixel is asked for", () => {
    const all = new Set(Array.from({ length: 28 * 42 }, (_, pixel) => pixel));
    for (const place of places) expect(positionsAt(place, scene, all)).toHaveLength(place.map.height * place.map.width);
  });
});

describe("modulation of stages", () => {
  it("compares units of one object between glimpses that chose it and others", async () => {
    const { parts } = await tinyObserver();
    const [first, second] = parts.stages.map(({ filtered }) => filtered.units);
    const glimpse = (chosen: number, level: number) => ({
      asked: true,
      chosen,
      label: 0,
      nearest: chosen,
      reported: [0],
      gated: new Float32Array(0),
      attention: new Float32Array(72),
      filtered: [new Float32Array(first!).fill(level), new Float32Array(second!)],
    });
    const count = modulationCount(parts);
    for (const factor of [1, 2, 3])
      count.see({
        map: parts.scene.map,
        scene: new Float32Array(144),
        present: [0, 1],
        labels: new Float32Array(2),
        // The left four columns and the right five.
        pixels: [0, 1].map((object) =>
          Uint8Array.from({ length: 72 }, (_, pixel) => (pixel % 9 < 4 === (object === 0) ? 1 : 0)),
        ),
        glimpses: [glimpse(0, 3 * factor), glimpse(1, 2 * factor)],
      });
    // Each object is seen at 3 and at 2, one of them while it is chosen: no change; the second stage is silent.
    expect(count.result()).toMatchObject([{ stage: "v1", percent: 0 }]);
    const other = modulationCount(parts);
    for (const factor of [1, 2, 3])
      other.see({
        map: parts.scene.map,
        scene: new Float32Array(144),
        present: [0, 1],
        labels: new Float32Array(2),
        pixels: [new Uint8Array(72).fill(1), new Uint8Array(72)],
        glimpses: [glimpse(0, 3 * factor), glimpse(1, 2 * factor)],
      });
    expect(other.result()[0]!.percent).toBeCloseTo(50, 4);
  });
});

describe("tuning for bars", () => {
  it("is measured of one unit a channel where attention goes both ways for every angle, and else not at all", async () => {
    const image = { height: side, width, channels: 1 };
    const observer = await tinyObserver({ image, stages: [{ channels: 4, kernel: 4 }], strength: 0.9 });
    const [record] = await barTuning(observer, bars, angles, 2);
    expect(record).toBeDefined();
    expect(record!.stage).toBe("v1");
    expect(record!.angles).toEqual([0, 30, 60, 90, 120, 150]);
    expect(record!.units.length + record!.untuned).toBe(4);
    expect(record!.curves.length).toBe(Math.min(2, record!.units.length));
    const rates = { attended: [[], [], [], [], [], []], unattended: [[], [], [], [], [], []] } as Record<
      string,
      Float32Array[][]
    >;
    let trial = 0;
    const observation = { glimpses: 2, observed: observedParts(observer.parts) };
    for await (const batch of observeGlimpses(observer, bars.trials, observation))
      for (const { glimpses } of scenesOf(batch, observer.parts)) {
        const [first, second] = glimpses;
        // Receptive fields of 4 x 4 pixels about (6.5, 6.5) or (6.5, 13.5) begin at 5 and 12; the map is 18 wide.
        const position = 5 * 18 + (Math.floor(trial / angles) % 2 === 0 ? 5 : 12);
        if (first!.nearest !== second!.nearest)
          for (const { nearest, filtered } of glimpses)
            rates[nearest === 0 ? "attended" : "unattended"]![trial % angles]!.push(
              filtered[0]!.subarray(position * 4, position * 4 + 4),
            );
        trial++;
      }
    for (const { unit, ...curves } of record!.curves)
      for (const kind of ["attended", "unattended"] as const)
        for (const [angle, seen] of rates[kind]!.entries()) {
          const mean = seen.reduce((total, each) => total + each[unit]!, 0) / seen.length;
          expect(curves[kind][angle]).toBeCloseTo(mean, 5);
        }
    expect(record!.curves.length).toBeGreaterThan(0);
    const still = await tinyObserver({ image, stages: [{ channels: 4, kernel: 4 }], gating: false });
    expect(await barTuning(still, bars, angles, 2)).toEqual([]);
  });
});
