import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadTask } from "../../../src/built-in.ts";
import { randomStream } from "../../../src/compute/random.ts";
import { DescriptionError } from "../../../src/kinds/errors.ts";
import { generatedScenes } from "../../../src/tasks/scenes/generated/generated-scenes.ts";
import { objectClasses, placeCircles } from "../../../src/tasks/scenes/generated/objects.ts";
import { shapes } from "../../../src/tasks/scenes/generated/shapes.ts";
import { seeds } from "../images/images.ts";
import { placesOf, show } from "./show.ts";

const options = fc.record({
  size: fc.integer({ min: 24, max: 48 }),
  objects: fc.integer({ min: 1, max: 4 }),
  classes: fc.integer({ min: 2, max: 12 }),
  clutter: fc.constantFrom(0, 0.5, 1),
});

const few = { limit: 8, validation: 2, testLimit: 4 };

describe("generated scenes", () => {
  test("show each object where it is and do not let objects overlap", async () => {
    await fc.assert(
      fc.asyncProperty(options, seeds, async (given, seed) => {
        const { training } = await loadTask(generatedScenes({ ...given, ...few }), seed);
        for (const { pixels, objects, labels, factors, present, weights } of show(training, [0, 5])) {
          expect(pixels.every((value) => value >= 0 && value <= 1)).toBe(true);
          for (let place = 0; place < pixels.length; place += 3) {
            const inked = objects.filter((alone) => alone[place]! + alone[place + 1]! + alone[place + 2]! > 0);
            expect(inked.length).toBeLessThanOrEqual(1);
            for (const alone of inked) {
              expect(alone.subarray(place, place + 3)).toEqual(pixels.subarray(place, place + 3));
            }
          }
          for (const alone of objects) expect(alone.filter((value) => value > 0).length).toBeGreaterThan(15);
          expect(labels.every((label) => Number.isInteger(label) && label >= 0 && label < given.classes)).toBe(true);
          expect(factors).toEqual(labels);
          expect([...present, ...weights].every((value) => value === 1)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("depend on seed, set and place alone", async () => {
    const description = generatedScenes({ size: 32, ...few });
    const task = await loadTask(description, 3);
    const all = show(task.training, placesOf(task.training), "now");
    expect(show(task.training, [5, 2], "later")).toEqual([all[5], all[2]]);
    const again = await loadTask(generatedScenes({ size: 32, ...few, limit: 6 }), 3);
    expect(show(again.training, placesOf(again.training))).toEqual(all.slice(0, 6));
    const others = [
      ...show((await loadTask(description, 4)).training, [0, 1]),
      ...show(task.test, [0, 1]),
      ...show(task.validation, [0, 1]),
      ...all,
    ].map(({ pixels }) => pixels.join());
    expect(new Set(others).size).toBe(others.length);
  });

  test("are of the size and number that is asked for, 100 x 100 by default", async () => {
    const task = await loadTask(generatedScenes(), 1);
    expect(task).toMatchObject({ name: "generated-scenes", classes: 12, presentations: 2, classNames: objectClasses });
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([20_000, 0, 2000]);
    expect(task.training.shape).toMatchObject({
      streams: [{ name: "scene", height: 100, width: 100, channels: 3, steps: 1 }],
      targets: [],
      context: { objects: 60_000, objectLabels: 2, objectWeights: 2, present: 2 },
      factors: ["object 1", "object 2"],
    });
    expect(new Set(objectClasses).size).toBe(12);
    const labels = show(
      task.training,
      Array.from({ length: 60 }, (_, place) => place),
    ).flatMap((scene) => scene.labels);
    expect(new Set(labels).size).toBe(12);
  });

  test("have shapes within the unit circle whose areas differ no more than twofold", () => {
    for (const [name, inside] of Object.entries(shapes)) {
      let area = 0;
      for (let x = -1; x <= 1; x += 0.02) {
        for (let y = -1; y <= 1; y += 0.02) {
          if (!inside(x, y)) continue;
          area += 0.0004;
          expect(x * x + y * y, name).toBeLessThanOrEqual(1 + 1e-9);
        }
      }
      expect(area, name).toBeGreaterThan(1);
      expect(area, name).toBeLessThan(2.1);
    }
    expect(shapes.triangle!(0, 1 - 1e-9)).toBe(true);
    expect(shapes.triangle!(0, -0.51)).toBe(false);
  });

  test("place objects apart and inside, however many there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 24, max: 120 }), seeds, (count, size, seed) => {
        const circles = placeCircles(count, size, randomStream(seed, "circles"));
        expect(circles).toHaveLength(count);
        circles.forEach(({ x, y, radius }, index) => {
          for (const end of [x - radius, y - radius]) expect(end).toBeGreaterThanOrEqual(-1e-9);
          for (const end of [x + radius, y + radius]) expect(end).toBeLessThanOrEqual(size + 1e-9);
          for (const other of circles.slice(0, index)) {
            expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThanOrEqual(radius + other.radius + 1);
          }
        });
      }),
    );
  });

  test.each([
    [{ classes: 13 }, 'task "generated-scenes": classes: got 13, expected a whole number from 2 to 12'],
    [{ size: 10 }, 'task "generated-scenes": size: got 10, expected a whole number from 24 to 4096'],
    [{ clutter: 1.5 }, 'task "generated-scenes": clutter: got 1.5, expected a number from 0 to 1'],
    [{ objects: 7 }, 'task "generated-scenes": objects: got 7, expected a whole number from 1 to 6'],
  ])("%j is refused", (given, text) => {
    expect(() => generatedScenes(given)).toThrow(DescriptionError);
    expect(() => generatedScenes(given)).toThrow(text);
  });
});
