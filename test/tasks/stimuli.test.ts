import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/kinds/errors.ts";
import { checkStimuli, standardise } from "../../src/tasks/stimuli.ts";

describe("standardise", () => {
  test("maps 0 ... 255 evenly and in order onto [-1, 1], in float32", () => {
    const values = Array.from({ length: 256 }, (_, byte) => standardise(byte));
    expect(values[0]).toBe(-1);
    expect(values[255]).toBe(1);
    values.forEach((value, byte) => {
      expect(value).toBe(Math.fround(value));
      expect(value).toBeCloseTo((byte * 2) / 255 - 1, 6);
      if (byte > 0) expect(value).toBeGreaterThan(values[byte - 1]!);
    });
  });
});

describe("checkStimuli", () => {
  const finite = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 40 });

  test("lets finite numbers of the right length pass", () => {
    fc.assert(
      fc.property(finite, (values) => {
        checkStimuli(values, "x");
        checkStimuli(values, "x", [1, values.length]);
      }),
    );
  });

  test("names the first number that is not finite", () => {
    const broken = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(finite, broken, fc.nat(), fc.nat(), (values, value, one, two) => {
        const first = Math.min(one % values.length, two % values.length);
        values[Math.max(one % values.length, two % values.length)] = Number.NaN;
        values[first] = value;
        const check = () => checkStimuli(values, "my scenes", [values.length]);
        expect(check).toThrow(DataError);
        expect(check).toThrow(
          `Stimuli my scenes: value ${first} is ${value}, expected finite numbers; look for a division`,
        );
      }),
    );
  });

  test("names both lengths where they differ", () => {
    const check = () => checkStimuli(new Float32Array(7), "my scenes", [2, 4]);
    expect(check).toThrow(DataError);
    expect(check).toThrow(
      "Stimuli my scenes hold 7 values, expected 8 (2 x 4); give one value per stimulus and input unit",
    );
  });
});
