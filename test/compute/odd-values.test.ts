import fc from "fast-check";
import { expect, test } from "vitest";
import { oddValues } from "../../src/compute/odd-values.ts";

const shapes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));

test("the first odd value is told with its place, and how many there are", () => {
  fc.assert(
    fc.property(shapes, fc.infiniteStream(fc.integer({ min: -9, max: 9 })), ([a, b, c], stream) => {
      const numbers = [...stream.take(a * b * c)];
      const odd = numbers.filter((value) => value < 0);
      const found = oddValues([a, b, c], numbers, (value) => value < 0);
      if (odd.length === 0) {
        expect(found).toBeUndefined();
        return;
      }
      const at = numbers.indexOf(odd[0]!);
      const place = `[${Math.floor(at / (b * c))}, ${Math.floor(at / c) % b}, ${at % c}]`;
      const more = odd.length === 1 ? "" : `, the first of ${odd.length} such values`;
      expect(found).toEqual({ at, told: `${odd[0]} at ${place}${more}` });
    }),
  );
});
