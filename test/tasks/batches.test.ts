import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError, UsageError } from "../../src/compute/errors.ts";
import { allocateBatch, type Batch, BatchSequence, sequentialBatches } from "../../src/tasks/batches.ts";
import { standardise } from "../../src/tasks/stimuli.ts";
import { counts, numberedImages, seeds } from "./images.ts";

const units = 6;
const plans = fc.record({ count: counts, batch: fc.integer({ min: 1, max: 40 }), seed: seeds });

/** Which of `numberedImages` a batch holds, padding left out. */
function numbersOf(batch: Batch): number[] {
  return Array.from({ length: batch.count }, (_, sample) => Math.round((batch.stimuli[sample * units]! + 1) * 127.5));
}

function expectWellFormed(batch: Batch, size: number): void {
  const images = numberedImages(256);
  expect([batch.stimuli.length, batch.labels.length, batch.weights.length]).toEqual([size * units, size, size]);
  expect(batch.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
  expect([...batch.weights]).toEqual(
    Array.from({ length: size }, (_, sample) => (sample < batch.count ? Math.fround(1 / batch.count) : 0)),
  );
  const numbers = numbersOf(batch);
  const padding = new Array<number>(size - batch.count).fill(0);
  expect([...batch.labels]).toEqual([...numbers.map((number) => number % 10), ...padding]);
  const pixels = numbers.flatMap((number) => [...images.pixels.subarray(number * units, (number + 1) * units)]);
  expect([...batch.stimuli]).toEqual([...pixels.map(standardise), ...padding.flatMap(() => new Array(units).fill(0))]);
}

describe("BatchSequence", () => {
  test("every epoch visits each image once, in batches whose weights sum to 1", () => {
    fc.assert(
      fc.property(plans, fc.nat({ max: 20 }), ({ count, batch, seed }, epoch) => {
        const sequence = new BatchSequence(numberedImages(count), batch, seed);
        expect(sequence.stepsPerEpoch).toBe(Math.ceil(count / batch));
        const visited: number[] = [];
        for (let step = 0; step < sequence.stepsPerEpoch; step++) {
          const composed = sequence.compose(epoch * sequence.stepsPerEpoch + step);
          expectWellFormed(composed, batch);
          visited.push(...numbersOf(composed));
        }
        expect(visited.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      }),
    );
  });

  test("a batch depends on seed and step alone: not on the steps before, nor on what it overwrites", () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat({ max: 1000 }), { maxLength: 8 }), fc.nat(1000), (plan, history, step) => {
        const images = numberedImages(plan.count);
        const used = new BatchSequence(images, plan.batch, plan.seed);
        const into = allocateBatch(plan.batch, units);
        for (const earlier of history) used.compose(earlier, into);
        const fresh = new BatchSequence(images, plan.batch, plan.seed).compose(step);
        expect(used.compose(step, into)).toBe(into);
        expect(into).toEqual(fresh);
        expect(used.compose(step)).toEqual(fresh);
      }),
    );
  });

  test("another seed and another epoch give another order", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 50 }), (seed, epoch) => {
        const images = numberedImages(100);
        const orderOf = (given: number, step: number) => numbersOf(new BatchSequence(images, 100, given).compose(step));
        expect(orderOf(seed, epoch)).not.toEqual(orderOf(seed === 0 ? 1 : seed - 1, epoch));
        expect(orderOf(seed, epoch)).not.toEqual(orderOf(seed, epoch + 1));
      }),
    );
  });

  test("counts, steps and arrays that do not fit are refused", () => {
    const images = numberedImages(10);
    for (const batch of [0, -1, 2.5, Number.NaN]) {
      const build = () => new BatchSequence(images, batch, 1);
      expect(build).toThrow(UsageError);
      expect(build).toThrow(
        `Batches of numbered images: the batch size is ${batch}, expected an integer from 1 on; 128 is usual`,
      );
    }
    expect(() => new BatchSequence(numberedImages(0), 4, 1)).toThrow(UsageError);
    expect(() => new BatchSequence(numberedImages(0), 4, 1)).toThrow(
      "there are 0 images, expected at least 1; give a set",
    );
    const sequence = new BatchSequence(images, 4, 1);
    for (const step of [-1, 0.5, Number.POSITIVE_INFINITY]) {
      expect(() => sequence.compose(step)).toThrow(UsageError);
      expect(() => sequence.compose(step)).toThrow(
        `Batches of numbered images: step is ${step}, expected an integer from 0 on; count steps from the first batch`,
      );
    }
    const small = allocateBatch(3, units);
    expect(() => sequence.compose(0, small)).toThrow(ShapeError);
    expect(() => sequence.compose(0, small)).toThrow(
      "Batch to overwrite: stimuli, labels and weights have 18, 3 and 3 values, expected 24 (4 x 6), 4 and 4; allocate it",
    );
  });
});

describe("sequentialBatches", () => {
  test("visits the first images once and in order, fresh or overwriting", () => {
    fc.assert(
      fc.property(plans, fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }), ({ count, batch }, limit) => {
        const images = numberedImages(count);
        const fresh = [...sequentialBatches(images, batch, limit)];
        for (const each of fresh) expectWellFormed(each, batch);
        const end = Math.min(count, limit ?? count);
        expect(fresh.flatMap(numbersOf)).toEqual(Array.from({ length: end }, (_, index) => index));
        expect(fresh.length).toBe(Math.ceil(end / batch));
        const into = allocateBatch(batch, units);
        let place = 0;
        for (const each of sequentialBatches(images, batch, limit, into)) {
          expect(each).toBe(into);
          expect(each).toEqual(fresh[place++]);
        }
      }),
    );
  });

  test("counts and arrays that do not fit are refused, counts before the first batch is asked for", () => {
    expect(() => sequentialBatches(numberedImages(9), 0)).toThrow("the batch size is 0, expected an integer from 1 on");
    expect(() => sequentialBatches(numberedImages(0), 2)).toThrow("there are 0 images, expected at least 1");
    expect(() => sequentialBatches(numberedImages(9), 2, 0)).toThrow(UsageError);
    expect(() => sequentialBatches(numberedImages(9), 2, 0)).toThrow(
      "Batches of numbered images: limit is 0, expected an integer from 1 on; leave it out to take all 9 images",
    );
    expect(() => [...sequentialBatches(numberedImages(9), 2, 1, allocateBatch(2, 5))]).toThrow(ShapeError);
  });
});
