import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/kinds/errors.ts";
import { decompressCounts, type RunLengths, runLengthMask } from "../../../src/tasks/coco/run-length.ts";
import { compress, countsOf } from "./run-length.ts";

const masks = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })).chain(([height, width]) =>
  fc.record({
    height: fc.constant(height),
    width: fc.constant(width),
    values: fc.uint8Array({ min: 0, max: 1, minLength: height * width, maxLength: height * width }),
  }),
);

describe("run lengths", () => {
  test("give back the mask that they were made of, compressed or not", () => {
    fc.assert(
      fc.property(masks, ({ height, width, values }) => {
        const counts = countsOf(values, height, width);
        const size = [height, width] as const;
        expect(runLengthMask({ size, counts }, height, width)).toEqual(values);
        expect(runLengthMask({ size, counts: compress(counts) }, height, width)).toEqual(values);
      }),
    );
  });

  test("of any size survive compression", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 28 })), (counts) => {
        expect(decompressCounts(compress(counts))).toEqual(counts);
      }),
    );
  });

  test("run down the columns, and the compressed form holds differences from the fourth on", () => {
    const mask = Uint8Array.of(0, 1, 1, 0, 1, 0);
    expect(runLengthMask({ size: [2, 3], counts: [2, 3, 1] }, 2, 3)).toEqual(mask);
    expect(runLengthMask({ size: [2, 3], counts: "231" }, 2, 3)).toEqual(mask);
    // 100 = 4 + 3 * 32 in two groups; 3, 5, 100, then 7 - 5 = 2 and 90 - 100 = -10.
    expect(decompressCounts("35T32F")).toEqual([3, 5, 100, 7, 90]);
  });

  test.each([
    [{ size: [3, 2], counts: [6] }, "Run lengths: size is 3 x 2, expected that of the image, 2 x 3 (height x width)"],
    [{ size: [2, 3], counts: [2, 3] }, "Run lengths: counts sum to 5, expected the 6 pixels of the image"],
    [{ size: [2, 3], counts: [2, 1e300] }, "Run lengths: count 1 is 1e+300, expected whole numbers from 0 on"],
    [{ size: [2, 3], counts: [7, -1] }, "Run lengths: count 1 is -1, expected whole numbers from 0 on"],
    [{ size: [2, 3], counts: [2.5, 3.5] }, "Run lengths: count 0 is 2.5, expected whole numbers from 0 on"],
    [{ size: [2, 3], counts: "2 1" }, 'Compressed run lengths: character 1 is " ", expected codes 48 to 111'],
    [
      { size: [2, 3], counts: "oooooooo" },
      'character 7 is "o", expected codes 48 to 111 and at most seven to a number',
    ],
    [{ size: [2, 3], counts: "23T" }, "Compressed run lengths: the text ends within a number"],
  ])("%j are refused", (runs, text) => {
    const decode = () => runLengthMask(runs as unknown as RunLengths, 2, 3);
    expect(decode).toThrow(DataError);
    expect(decode).toThrow(text);
  });
});
