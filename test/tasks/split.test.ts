import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/kinds/errors.ts";
import { subset } from "../../src/tasks/images/images.ts";
import { splitTraining } from "../../src/tasks/split.ts";
import { counts, numberedImages, numbersOf, seeds } from "./images/images.ts";

const splits = counts.chain((count) =>
  fc.record({ count: fc.constant(count), validation: fc.integer({ min: 0, max: count - 1 }), seed: seeds }),
);

describe("splitTraining", () => {
  test("is a partition of the images, each with its own label", () => {
    fc.assert(
      fc.property(splits, ({ count, ...options }) => {
        const { training, validation } = splitTraining(numberedImages(count), options);
        expect(validation.count).toBe(options.validation);
        expect(training.count).toBe(count - options.validation);
        const together = [...numbersOf(training), ...numbersOf(validation)].sort((a, b) => a - b);
        expect(together).toEqual(Array.from({ length: count }, (_, index) => index));
        for (const part of [training, validation]) {
          expect([...part.labels]).toEqual(numbersOf(part).map((number) => number % 10));
        }
      }),
    );
  });

  test("is decided by the seed, and a limit keeps the first of the training images", () => {
    fc.assert(
      fc.property(splits, fc.nat(), ({ count, ...options }, some) => {
        const images = numberedImages(count);
        const all = splitTraining(images, options);
        expect(splitTraining(images, options)).toEqual(all);
        const limit = 1 + (some % all.training.count);
        const limited = splitTraining(images, { ...options, limit });
        expect(numbersOf(limited.training)).toEqual(numbersOf(all.training).slice(0, limit));
        expect(limited.validation).toEqual(all.validation);
      }),
    );
  });

  test("another seed gives another order", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const images = numberedImages(100);
        const orderOf = (given: number) => numbersOf(splitTraining(images, { seed: given, validation: 0 }).training);
        expect(orderOf(seed)).not.toEqual(orderOf(seed === 0 ? 1 : seed - 1));
      }),
    );
  });

  test.each([
    [{ validation: 6, limit: 5 }, "validation 6 and limit 5 exceed the 10 images; lower one of them"],
    [{ validation: 10 }, "validation 10 and limit (all the rest, at least 1) exceed the 10 images"],
    [{ validation: -1 }, "validation is -1, expected an integer from 0 to 10; give a whole number of images"],
    [{ validation: 0.5 }, "validation is 0.5, expected an integer from 0 to 10"],
    [{ validation: 0, limit: 0 }, "limit is 0, expected an integer from 1 to 10"],
    [{ validation: Number.NaN }, "validation is NaN, expected an integer"],
  ])("%j of 10 images is refused", (options, text) => {
    const split = () => splitTraining(numberedImages(10), { seed: 1, ...options });
    expect(split).toThrow(UsageError);
    expect(split).toThrow(`Split of numbered images: ${text}`);
  });
});

describe("subset", () => {
  test("copies whole images of several channels, in the order asked for", () => {
    const images = numberedImages(4, { channels: 3, height: 1, width: 2 });
    const chosen = subset(images, [2, 0, 2], "chosen");
    expect(chosen).toMatchObject({ name: "chosen", count: 3, channels: 3, height: 1, width: 2, classes: 10 });
    const [first, third] = [images.pixels.slice(0, 6), images.pixels.slice(12, 18)];
    expect([...chosen.pixels]).toEqual([...third, ...first, ...third]);
    expect([...chosen.labels]).toEqual([2, 0, 2]);
    chosen.pixels.fill(0);
    expect(images.pixels.slice(12, 18)).toEqual(third);
  });

  test.each([[-1], [4], [1.5], [Number.NaN]])("the place %d in 4 images is refused", (index) => {
    const choose = () => subset(numberedImages(4), [0, index]);
    expect(choose).toThrow(UsageError);
    expect(choose).toThrow(
      `Subset of numbered images: index ${index} at position 1 is not an image; give integers from 0 to 3`,
    );
  });
});
