import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { imageStatistics } from "../../../src/tasks/images/image-statistics.ts";
import type { LabelledImages } from "../../../src/tasks/images/images.ts";
import { drawStrokes, type Point } from "../../../src/tasks/images/strokes.ts";
import { symbolShapes } from "../../../src/tasks/images/symbol-shapes.ts";
import { drawSymbols } from "../../../src/tasks/images/symbols.ts";
import { seeds } from "./images.ts";

const points: fc.Arbitrary<Point> = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

describe("drawStrokes", () => {
  test("is white near the stroke and leaves what is further than half its thickness and half a pixel", () => {
    fc.assert(
      fc.property(
        points,
        points,
        fc.integer({ min: 8, max: 20 }),
        fc.double({ min: 0.1, max: 0.3, noNaN: true }),
        (from, to, size, thickness) => {
          const levels = new Float32Array(size * size).fill(0.25);
          drawStrokes(levels, size, [[from, to]], thickness);
          levels.forEach((level, place) => {
            const [x, y] = [((place % size) + 0.5) / size, (Math.floor(place / size) + 0.5) / size];
            // The nearest of many points along the stroke.
            let nearest = Number.POSITIVE_INFINITY;
            for (let share = 0; share <= 1; share += 0.002)
              nearest = Math.min(
                nearest,
                Math.hypot(x - from[0] - share * (to[0] - from[0]), y - from[1] - share * (to[1] - from[1])),
              );
            if (nearest > thickness / 2 + 0.5 / size + 0.002) expect(level).toBe(0.25);
            if (nearest < thickness / 2 - 0.5 / size - 0.002) expect(level).toBe(1);
            expect(level >= 0.25 && level <= 1).toBe(true);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  test("draws every segment of every polyline, and a stroke of one place as a dot", () => {
    const levels = new Float32Array(100);
    drawStrokes(
      levels,
      10,
      [
        [
          [0.05, 0.05],
          [0.95, 0.05],
          [0.95, 0.95],
        ],
        [
          [0.25, 0.75],
          [0.25, 0.75],
        ],
      ],
      0.1,
    );
    const white = [...levels.keys()].filter((place) => levels[place]! > 0.9);
    expect(white).toEqual([
      ...Array.from({ length: 10 }, (_, column) => column),
      19,
      29,
      39,
      49,
      59,
      69,
      72,
      79,
      89,
      99,
    ]);
  });
});

describe("drawSymbols", () => {
  test("draws as many as asked, classes equally often, the same bytes for the same seed", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 45 }), fc.integer({ min: 8, max: 16 }), (seed, count, size) => {
        const source = { size, count, testCount: 20 };
        const drawn = drawSymbols(source, seed);
        expect(drawSymbols(source, seed)).toEqual(drawn);
        expect(drawn.training).toMatchObject({ count, height: size, width: size, channels: 1, classes: 10 });
        expect(drawn.training.pixels.length).toBe(count * size * size);
        const { perClass } = imageStatistics(drawn.training);
        expect(Math.max(...perClass) - Math.min(...perClass)).toBeLessThanOrEqual(1);
        expect(drawn.test.count).toBe(20);
        expect(drawn.classNames).toEqual(symbolShapes.map(({ name }) => name));
        expect(new Set(drawn.classNames).size).toBe(10);
        const other = drawSymbols(source, seed + 1);
        expect(other.training.pixels).not.toEqual(drawn.training.pixels);
        expect(other.test.pixels).not.toEqual(drawn.test.pixels);
      }),
      { numRuns: 15 },
    );
  });

  test("no two samples are alike, and training and test differ", () => {
    const { training, test } = drawSymbols({ size: 10, count: 200, testCount: 200 }, 3);
    const images = [training, test].flatMap(({ pixels }) =>
      Array.from({ length: 200 }, (_, image) => pixels.subarray(image * 100, (image + 1) * 100).join()),
    );
    expect(new Set(images).size).toBe(400);
    expect(training.labels).not.toEqual(test.labels);
  });

  test("are told apart by their neighbours far better than by a linear readout of class means", () => {
    const { training, test } = drawSymbols({ size: 12, count: 3000, testCount: 300 }, 1);
    const nearestMean = accuracy(
      classMeans(training),
      Array.from({ length: 10 }, (_, label) => label),
      test,
    );
    const nearest = accuracy(rows(training), training.labels, test);
    expect(nearestMean).toBeGreaterThan(0.3);
    expect(nearestMean).toBeLessThan(0.75);
    expect(nearest).toBeGreaterThan(nearestMean + 0.1);
  });
});

const rows = ({ pixels, count }: LabelledImages): Float64Array[] =>
  Array.from({ length: count }, (_, image) =>
    Float64Array.from(pixels.subarray((image * pixels.length) / count, ((image + 1) * pixels.length) / count)),
  );

function classMeans(images: LabelledImages): Float64Array[] {
  const means = Array.from({ length: images.classes }, () => new Float64Array(images.height * images.width));
  const { perClass } = imageStatistics(images);
  rows(images).forEach((row, image) => {
    const label = images.labels[image]!;
    row.forEach((level, pixel) => {
      means[label]![pixel]! += level / perClass[label]!;
    });
  });
  return means;
}

/** Share of test images whose nearest prototype has their label. */
function accuracy(prototypes: readonly Float64Array[], labels: ArrayLike<number>, test: LabelledImages): number {
  const right = rows(test).filter((row, image) => {
    const distances = prototypes.map((prototype) =>
      prototype.reduce((sum, level, pixel) => sum + (level - row[pixel]!) ** 2, 0),
    );
    return labels[distances.indexOf(Math.min(...distances))] === test.labels[image];
  });
  return right.length / test.count;
}
