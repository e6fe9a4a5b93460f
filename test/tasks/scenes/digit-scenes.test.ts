import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { loadTask } from "../../../src/built-in.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { DescriptionError, UsageError } from "../../../src/kinds/errors.ts";
import { BatchSequence, sequentialBatches } from "../../../src/tasks/batches.ts";
import type { DataSet } from "../../../src/tasks/data-set.ts";
import type { LabelledImages } from "../../../src/tasks/images/images.ts";
import { digitScenes, digitScenesOf } from "../../../src/tasks/scenes/digit-scenes.ts";
import { seeds } from "../images/images.ts";
import { placesOf, scenesOf, show } from "./show.ts";

const side = 6;

/** Images like digits: half of their pixels are black. The corner tells which image it is. */
function inkOf(count: number, seed: number, name: string): LabelledImages {
  const random = randomStream(seed, name);
  const pixels = Uint8Array.from({ length: count * side * side }, (_, place) =>
    place % (side * side) === 0 ? 1 + place / (side * side) : random.uniform() < 0.5 ? 0 : random.integer(1, 255),
  );
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 10);
  return { name, pixels, labels, count, height: side, width: side, channels: 1, classes: 10 };
}

const ink = (seed = 1, training = 20, testing = 12): DataSet => ({
  training: inkOf(training, seed, "training"),
  test: inkOf(testing, seed, "test"),
  classNames: Array.from({ length: 10 }, (_, label) => String(label)),
  folder: "",
  files: [],
});

const settings = fc.record({
  digits: fc.integer({ min: 1, max: 4 }),
  noise: fc.constantFrom(0, 0.3, 1),
  equalDigits: fc.boolean(),
});

/** The image that is alone at a digit's place, by its corner. */
const imageAt = (alone: Float32Array, digit: number) => Math.round(255 * alone[digit * (side / 2)]!) - 1;

describe("scenes of digits", () => {
  test("are the clamped sum of their objects, with noise where that is 0 and nowhere else", () => {
    fc.assert(
      fc.property(settings, seeds, (options, seed) => {
        const task = digitScenesOf(ink(), digitScenes(options), seed);
        for (const trials of [task.training, task.test]) {
          for (const { pixels, objects } of show(trials, [0, 3, 5], String(seed))) {
            pixels.forEach((value, unit) => {
              const sum = objects.reduce((total, alone) => Math.fround(total + alone[unit]!), 0);
              if (sum > 0) expect(value).toBeCloseTo(Math.min(1, sum), 6);
              else expect(value >= 0 && value <= Math.fround(options.noise)).toBe(true);
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("show each digit alone at its place, half a width from the one before", () => {
    fc.assert(
      fc.property(settings, seeds, (options, seed) => {
        const data = ink();
        const { test: trials } = digitScenesOf(data, digitScenes(options), seed);
        const width = side + (side / 2) * (options.digits - 1);
        expect(trials.shape.streams).toEqual([{ name: "scene", height: side, width, channels: 1, steps: 1 }]);
        for (const [place, scene] of show(trials, placesOf(trials)).entries()) {
          scene.objects.forEach((alone, digit) => {
            const image = imageAt(alone, digit);
            if (digit === 0) expect(image).toBe(place);
            const expected = new Float32Array(side * width);
            for (let unit = 0; unit < side * side; unit++) {
              const value = data.test.pixels[image * side * side + unit]! / 255;
              expected[Math.floor(unit / side) * width + (side / 2) * digit + (unit % side)] = value;
            }
            expect(alone).toEqual(expected);
            expect(scene.labels[digit]).toBe(data.test.labels[image]);
          });
          expect(scene.factors).toEqual(scene.labels);
          expect(scene.weights).toEqual(scene.labels.map(() => 1));
          expect(scene.present).toEqual(scene.labels.map(() => 1));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("hold different digits where equal ones are not wanted, and some equal ones where they are", () => {
    const different = ({ labels }: { labels: readonly number[] }) => new Set(labels).size === labels.length;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), seeds, (digits, seed) => {
        const task = digitScenesOf(ink(), digitScenes({ digits, equalDigits: false }), seed);
        for (const trials of [task.training, task.test]) {
          expect(show(trials, placesOf(trials), String(seed)).every(different)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
    const { training } = digitScenesOf(ink(1, 200), digitScenes(), 1);
    const scenes = show(training, placesOf(training));
    const equal = scenes.filter((scene) => !different(scene)).length;
    expect(equal / scenes.length).toBeGreaterThan(0.03);
    expect(equal / scenes.length).toBeLessThan(0.2);
  });

  test("for training begin with each image once and have other partners each time; those for test stay", () => {
    const partnersOf = (set: "training" | "test" | "validation", moment: string, seed = 3, testLimit = 12) => {
      const { [set]: trials } = digitScenesOf(ink(), digitScenes({ digits: 3, validation: 6, testLimit }), seed);
      return show(trials, placesOf(trials), moment).map(({ objects }) => objects.map(imageAt));
    };
    const firsts = [...partnersOf("training", "a"), ...partnersOf("validation", "a")].map(([first]) => first!);
    expect(firsts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, image) => image));
    expect(partnersOf("training", "a")).toEqual(partnersOf("training", "a"));
    expect(partnersOf("training", "a")).not.toEqual(partnersOf("training", "b"));
    for (const fixed of ["test", "validation"] as const) {
      expect(partnersOf(fixed, "a")).toEqual(partnersOf(fixed, "b"));
      expect(partnersOf(fixed, "a")).not.toEqual(partnersOf(fixed, "a", 4));
    }
    expect(partnersOf("test", "a", 3, 5)).toEqual(partnersOf("test", "a").slice(0, 5));
  });

  test("never mix images that are set aside with those for training", () => {
    const task = digitScenesOf(ink(), digitScenes({ digits: 4, validation: 7 }), 5);
    const used = (set: "training" | "validation") =>
      new Set(
        ["a", "b", "c"].flatMap((moment) =>
          show(task[set], placesOf(task[set]), moment).flatMap(({ objects }) => objects.map(imageAt)),
        ),
      );
    expect([...used("training")].filter((image) => used("validation").has(image))).toEqual([]);
  });

  test("fill padded batches: nothing is left in the padding", () => {
    const { training, test: testing, presentations } = digitScenesOf(ink(), digitScenes(), 1);
    expect(presentations).toBe(2);
    const sequence = new BatchSequence(training, 8, 1, presentations);
    const batch = sequence.compose(0);
    expect(sequence.compose(1)).toEqual(batch);
    sequence.compose(2 * 2, batch);
    expect(batch.count).toBe(4);
    const empty = scenesOf(training, batch).slice(4);
    for (const { pixels, objects, labels, weights, present, factors } of empty) {
      for (const values of [pixels, ...objects, labels, weights, present, factors]) {
        expect(values.every((value) => value === 0)).toBe(true);
      }
    }
    expect([...sequentialBatches(testing, { batch: 5 })].map(({ count }) => count)).toEqual([5, 5, 2]);
  });

  test("are made of digits: as many as images, 28 x 42 for two and 28 x 56 for three", async () => {
    const task = await loadTask(digitScenes({ data: inject("fewDigits"), limit: 50, testLimit: 20 }), 1);
    expect(task).toMatchObject({ name: "digit-scenes", classes: 10, presentations: 2 });
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([50, 0, 20]);
    expect(task.training.shape).toMatchObject({
      streams: [{ height: 28, width: 42 }],
      targets: [],
      context: { objects: 2 * 28 * 42, objectLabels: 2, objectWeights: 2, present: 2 },
      factors: ["object 1", "object 2"],
    });
    expect(show(task.test, [0, 1, 2, 3, 4]).map(({ labels }) => labels[0])).toEqual([7, 2, 1, 0, 4]);
    const data = inject("fewDigits");
    const three = await loadTask({ kind: "digit-scenes", data, digits: 3, glimpses: 5, validation: 100 }, 1);
    expect(three.training.shape.streams[0]).toMatchObject({ height: 28, width: 56 });
    expect(three.presentations).toBe(5);
    expect([three.training.count, three.validation.count, three.test.count]).toEqual([900, 100, 200]);
  });

  test.each([
    [{ digits: 0 }, 'task "digit-scenes": digits: got 0, expected a whole number of at least 1'],
    [{ noise: 2 }, 'task "digit-scenes": noise: got 2, expected a number from 0 to 1'],
    [{ glimpses: 0 }, 'task "digit-scenes": glimpses: got 0, expected a whole number from 1 to 1000'],
    [{ digit: 2 }, 'task "digit-scenes": unknown setting "digit" (did you mean "digits"?)'],
  ])("%j is refused", (options, text) => {
    const make = () => digitScenes(options as Parameters<typeof digitScenes>[0]);
    expect(make).toThrow(DescriptionError);
    expect(make).toThrow(text);
  });

  test("what cannot be had is refused", () => {
    const load = (options: Parameters<typeof digitScenes>[0]) => () => digitScenesOf(ink(), digitScenes(options), 1);
    const fewer = load({ limit: 20, validation: 1 });
    expect(fewer).toThrow(UsageError);
    expect(fewer).toThrow(
      "Task digit-scenes: limit is 20 and there are 19 training images that are not set aside, each of which begins one " +
        "scene; lower it or leave it out",
    );
    expect(load({ testLimit: 13 })).toThrow("testLimit is 13 and there are 12 test images");
    const different = load({ digits: 11, equalDigits: false });
    expect(different).toThrow(UsageError);
    expect(different).toThrow(
      "Task digit-scenes: digits is 11 and the images of the training scenes show 10 different ones; lower it, or let " +
        "equalDigits be true",
    );
    expect(load({ digits: 4, equalDigits: false, validation: 2 })).toThrow("images of the validation scenes show 2");
  });
});
