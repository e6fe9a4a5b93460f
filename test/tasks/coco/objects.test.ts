import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Annotation } from "../../../src/tasks/coco/instances.ts";
import { largestApart, type MaskedObject, objectsOf } from "../../../src/tasks/coco/objects.ts";
import { rectangle } from "./small-folder.ts";

const size = 12;

const objects: fc.Arbitrary<MaskedObject[]> = fc.array(
  fc
    .tuple(fc.nat(size - 1), fc.nat(size - 1), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
    .map(([left, top, wide, high]) => {
      const mask = Uint8Array.from({ length: size * size }, (_, pixel) => {
        const [row, column] = [Math.floor(pixel / size), pixel % size];
        return Number(row >= top && row < top + high && column >= left && column < left + wide);
      });
      return { label: 0, mask, area: mask.reduce((sum, value) => sum + value, 0) };
    }),
  { maxLength: 8 },
);

const apart = (a: MaskedObject, b: MaskedObject) => a.mask.every((value, pixel) => value === 0 || b.mask[pixel] === 0);

describe("the largest objects apart", () => {
  test("do not overlap, are as many as can be of two, and are in order of area", () => {
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: 3 }), (all, wanted) => {
        const shown = largestApart(all, wanted, 1);
        if (all.length === 0) {
          expect(shown).toBeUndefined();
          return;
        }
        expect(shown!.length).toBeGreaterThanOrEqual(1);
        expect(shown!.length).toBeLessThanOrEqual(wanted);
        shown!.forEach((one, index) => {
          for (const other of shown!.slice(index + 1)) expect(apart(one, other) && one.area >= other.area).toBe(true);
        });
        const pairs = all.flatMap((one, index) =>
          all
            .slice(index + 1)
            .filter((other) => apart(one, other))
            .map((other) => [one, other]),
        );
        if (wanted === 2) expect(shown!.length).toBe(pairs.length > 0 ? 2 : 1);
        if (wanted === 1) expect(shown![0]!.area).toBe(Math.max(...all.map(({ area }) => area)));
        if (shown!.length < 3) expect(largestApart(all, wanted, 3)).toBeUndefined();
      }),
    );
  });

  test("may leave out the largest of all, where it overlaps every other", () => {
    const of = (segmentation: number[][]): Annotation => ({ image_id: 1, category_id: 1, segmentation, place: 0 });
    const image = { id: 1, file_name: "", width: size, height: size };
    const table = of([rectangle(0, 0, 12, 12)]);
    const [plate, cup] = [of([rectangle(1, 1, 6, 6)]), of([rectangle(7, 7, 9, 11), rectangle(9, 7, 10, 9)])];
    const found = objectsOf(image, [cup, table, plate], new Map([[1, 7]]), size, {});
    expect(largestApart(found, 2, 2)).toMatchObject([
      { label: 7, area: 25 },
      { label: 7, area: 10 },
    ]);
  });
});
