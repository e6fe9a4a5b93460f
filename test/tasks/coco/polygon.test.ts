import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillPolygon } from "../../../src/tasks/coco/polygon.ts";

function filled(corners: readonly number[], height: number, width: number, scaleX = 1, scaleY = 1): Uint8Array {
  const mask = { values: new Uint8Array(height * width), height, width };
  fillPolygon(mask, corners, scaleX, scaleY);
  return mask.values;
}

const size = 64;
const total = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);

/** Corners at increasing angles around the middle: the polygon does not cross itself. */
const starLike = fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 }).map((radii) =>
  radii.flatMap((radius, corner) => {
    const angle = (2 * Math.PI * corner) / radii.length;
    return [size / 2 + 30 * radius * Math.cos(angle), size / 2 + 30 * radius * Math.sin(angle)];
  }),
);

/** Area by the shoelace formula, and length of the outline. */
function measure(corners: readonly number[]): { area: number; outline: number } {
  let [area, outline] = [0, 0];
  for (let corner = 0; corner < corners.length; corner += 2) {
    const [x0, y0] = [corners[corner]!, corners[corner + 1]!];
    const next = (corner + 2) % corners.length;
    const [x1, y1] = [corners[next]!, corners[next + 1]!];
    area += (x0 * y1 - x1 * y0) / 2;
    outline += Math.hypot(x1 - x0, y1 - y0);
  }
  return { area: Math.abs(area), outline };
}

describe("fillPolygon", () => {
  test("fills about as many pixels as the area, wherever it begins and whichever way it turns", () => {
    fc.assert(
      fc.property(starLike, (corners) => {
        const mask = filled(corners, size, size);
        const { area, outline } = measure(corners);
        expect(Math.abs(total(mask) - area)).toBeLessThanOrEqual(0.5 * outline + 1);
        const pairs = Array.from({ length: corners.length / 2 }, (_, corner) =>
          corners.slice(2 * corner, 2 * corner + 2),
        );
        expect(filled([...pairs.slice(1), pairs[0]!].flat(), size, size)).toEqual(mask);
        expect(filled([...pairs].reverse().flat(), size, size)).toEqual(mask);
      }),
    );
  });

  test("moves with the polygon by whole pixels, and leaves out what is outside of the mask", () => {
    fc.assert(
      fc.property(
        starLike,
        fc.integer({ min: -70, max: 70 }),
        fc.integer({ min: -70, max: 70 }),
        (star, right, down) => {
          // Halves of halves of pixels are exact, so that moving rounds nothing.
          const corners = star.map((value) => Math.round(4 * value) / 4);
          const mask = filled(corners, size, size);
          const moved = filled(
            corners.map((value, index) => value + (index % 2 === 0 ? right : down)),
            size,
            size,
          );
          moved.forEach((value, pixel) => {
            const [row, column] = [Math.floor(pixel / size) - down, (pixel % size) - right];
            const inside = row >= 0 && column >= 0 && row < size && column < size;
            expect(value).toBe(inside ? mask[row * size + column]! : 0);
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  test("parts a plane that two polygons share without gap or overlap", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 30, noNaN: true }),
        fc.double({ min: -10, max: 30, noNaN: true }),
        (a, b) => {
          const left = filled([-40, 0, a, 0, b, 20, -40, 20], 20, 20);
          const right = filled([a, 0, 70, 0, 70, 20, b, 20], 20, 20);
          expect(left.map((value, pixel) => value + right[pixel]!)).toEqual(new Uint8Array(400).fill(1));
        },
      ),
    );
  });

  test("fills pixels by their centres, those on a left edge too, stretched to the mask", () => {
    expect([...filled([1, 0, 3, 0, 3, 2, 1, 2], 2, 4)]).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
    expect([...filled([1, 0, 3, 0, 3, 2, 1, 2], 1, 2, 0.5, 0.5)]).toEqual([1, 0]);
    expect([...filled([0.5, 0.5, 2.5, 0.5, 2.5, 1.5, 0.5, 1.5], 2, 4)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
  });
});
