import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { BatchSequence, sequentialBatches, spreadTrials } from "../../src/tasks/batches.ts";
import { imageTrials } from "../../src/tasks/images/image-trials.ts";
import { standardise } from "../../src/tasks/stimuli.ts";
import { classTarget } from "../../src/tasks/targets.ts";
import { allocateBatch, type Batch, type TrialSet, unitsOfStream } from "../../src/tasks/trials.ts";
import { counts, numberedImages, seeds } from "./images/images.ts";
import { contextOf, manySidedTrials, stimulusOf, targetOf, weightOf } from "./many-sided-trials.ts";

const numberedTrials = (count: number) => imageTrials(numberedImages(count));
const batchSizes = fc.integer({ min: 1, max: 40 });
const plans = fc.record({ trials: manySidedTrials, batch: batchSizes, seed: seeds });

/** Which of the many-sided trials a batch holds, padding left out. */
const trialsOf = (batch: Batch): number[] =>
  [...batch.factors.trial!.subarray(0, batch.count)].map((number) => number - 1);

/** Every array of a batch has its size, holds the values of its trials, and 0 for padding. */
function expectWellFormed(batch: Batch, { shape }: TrialSet, size: number): void {
  const trials = trialsOf(batch);
  const expectColumn = (values: Float32Array, width: number, expected: (trial: number, place: number) => number) =>
    expect([...values]).toEqual(
      Array.from({ length: size * width }, (_, place) => {
        const trial = trials[Math.floor(place / width)];
        return trial === undefined ? 0 : expected(trial, place % width);
      }),
    );
  expect(batch.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
  expectColumn(batch.weights, 1, () => Math.fround(1 / batch.count));
  expect(batch.stimuli.map((steps) => steps.length)).toEqual(shape.streams.map(({ steps }) => steps));
  batch.stimuli.forEach((steps, stream) => {
    const units = unitsOfStream(shape.streams[stream]!);
    steps.forEach((stimuli, step) => {
      expectColumn(stimuli, units, (trial, unit) => stimulusOf(trial, stream, step, unit));
    });
  });
  expect(batch.targets.length).toBe(shape.targets.length);
  batch.targets.forEach(({ values, weights = [] }, index) => {
    const target = shape.targets[index]!;
    expect([values.length, weights.length]).toEqual([target.steps, target.weights?.steps ?? 0]);
    const units = target.kind === "class" ? 1 : target.units;
    values.forEach((column, step) => {
      expectColumn(column, units, (trial, unit) => targetOf(trial, index, step, unit));
    });
    weights.forEach((column, step) => {
      expectColumn(column, target.weights!.units, (trial, unit) => weightOf(trial, index, step, unit));
    });
  });
  expect(Object.keys(batch.context)).toEqual(["scene"]);
  expectColumn(batch.context.scene!, shape.context.scene!, contextOf);
  expect(Object.keys(batch.factors)).toEqual(["trial", "chance"]);
  expect([...batch.factors.chance!].map((value) => value === 0)).toEqual(
    Array.from({ length: size }, (_, sample) => sample >= batch.count),
  );
}

test("an image's trial is its standardised pixels and its label", () => {
  fc.assert(
    fc.property(counts, batchSizes, fc.constantFrom(1, 3), (count, size, channels) => {
      const images = numberedImages(count, { channels });
      const trials = imageTrials(images);
      expect(trials).toMatchObject({ name: "numbered images", count });
      expect(trials.shape).toEqual({
        streams: [{ name: "image", height: 2, width: 3, channels, steps: 1 }],
        targets: [{ kind: "class", name: "class", classes: images.classes, steps: 1 }],
        context: {},
        factors: [],
      });
      const [batch] = [...sequentialBatches(trials, { batch: size, limit: 1 })];
      const padding = new Array<number>(size - 1).fill(0);
      const units = 6 * channels;
      const pixels = [...images.pixels.subarray(0, units)].map(standardise);
      expect([...batch!.stimuli[0]![0]!]).toEqual([...pixels, ...padding.flatMap(() => new Array(units).fill(0))]);
      expect([...batch!.targets[0]!.values[0]!]).toEqual([images.labels[0], ...padding]);
    }),
    { numRuns: 30 },
  );
});

describe("BatchSequence", () => {
  test("every epoch visits each trial once, in batches whose weights sum to 1", () => {
    fc.assert(
      fc.property(plans, fc.nat({ max: 20 }), ({ trials, batch, seed }, epoch) => {
        const sequence = new BatchSequence(trials, batch, seed);
        expect(sequence.stepsPerEpoch).toBe(Math.ceil(trials.count / batch));
        const visited: number[] = [];
        for (let step = 0; step < sequence.stepsPerEpoch; step++) {
          const composed = sequence.compose(epoch * sequence.stepsPerEpoch + step);
          if (step < 2 || step === sequence.stepsPerEpoch - 1) expectWellFormed(composed, trials, batch);
          visited.push(...trialsOf(composed));
        }
        expect(visited.sort((a, b) => a - b)).toEqual(Array.from({ length: trials.count }, (_, index) => index));
      }),
      { numRuns: 40 },
    );
  });

  test("a batch depends on seed and step alone: not on the steps before, nor on what it overwrites", () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(fc.nat({ max: 1000 }), { maxLength: 8 }),
        fc.nat(1000),
        fc.integer({ min: 1, max: 3 }),
        ({ trials, batch, seed }, history, step, presentations) => {
          const used = new BatchSequence(trials, batch, seed, presentations);
          const into = allocateBatch(trials.shape, batch);
          for (const earlier of history) used.compose(earlier, into);
          const fresh = new BatchSequence(trials, batch, seed, presentations).compose(step);
          expect(used.compose(step, into)).toBe(into);
          expect(into).toEqual(fresh);
          expect(used.compose(step)).toEqual(fresh);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("shows a batch for as many steps as there are presentations, chance included", () => {
    fc.assert(
      fc.property(
        plans,
        fc.integer({ min: 1, max: 4 }),
        fc.nat(300),
        ({ trials, batch, seed }, presentations, step) => {
          const once = new BatchSequence(trials, batch, seed);
          const often = new BatchSequence(trials, batch, seed, presentations);
          expect(often.stepsPerEpoch).toBe(presentations * once.stepsPerEpoch);
          for (let shown = 0; shown < presentations; shown++)
            expect(often.compose(step * presentations + shown)).toEqual(once.compose(step));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("draws what is random in a trial anew at every visit", () => {
    fc.assert(
      fc.property(manySidedTrials, seeds, fc.nat(30), (trials, seed, epoch) => {
        const chances = (given: number, step: number) =>
          new BatchSequence(trials, trials.count, given).compose(step).factors.chance;
        fc.pre(trials.count > 3);
        expect(chances(seed, epoch)).not.toEqual(chances(seed, epoch + 1));
        expect(chances(seed, epoch)).not.toEqual(chances(seed === 0 ? 1 : seed - 1, epoch));
      }),
      { numRuns: 30 },
    );
  });

  test("another seed and another epoch give another order", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 50 }), (seed, epoch) => {
        const orderOf = (given: number, step: number) =>
          new BatchSequence(numberedTrials(100), 100, given).compose(step).stimuli;
        expect(orderOf(seed, epoch)).not.toEqual(orderOf(seed === 0 ? 1 : seed - 1, epoch));
        expect(orderOf(seed, epoch)).not.toEqual(orderOf(seed, epoch + 1));
      }),
    );
  });

  test("counts, steps and arrays that do not fit are refused", () => {
    const trials = numberedTrials(10);
    for (const batch of [0, -1, 2.5, Number.NaN]) {
      const build = () => new BatchSequence(trials, batch, 1);
      expect(build).toThrow(UsageError);
      expect(build).toThrow(
        `Batches of numbered images: the batch size is ${batch}, expected an integer from 1 on; 128 is usual`,
      );
    }
    expect(() => new BatchSequence(numberedTrials(0), 4, 1)).toThrow(UsageError);
    expect(() => new BatchSequence(numberedTrials(0), 4, 1)).toThrow(
      "there are 0 trials, expected at least 1; give a set",
    );
    const sequence = new BatchSequence(trials, 4, 1);
    for (const step of [-1, 0.5, Number.POSITIVE_INFINITY]) {
      expect(() => sequence.compose(step)).toThrow(UsageError);
      expect(() => sequence.compose(step)).toThrow(
        `Batches of numbered images: step is ${step}, expected an integer from 0 on; count steps from the first batch`,
      );
    }
    const small = allocateBatch(trials.shape, 3);
    expect(() => sequence.compose(0, small)).toThrow(ShapeError);
    expect(() => sequence.compose(0, small)).toThrow(
      "Batch to overwrite: stimuli (by stream and time step), targets (values and weights, by time step) and weights have sizes [[[18]],[[[3],[]]],3], " +
        "expected [[[24]],[[[4],[]]],4]; allocate it for this set of trials and batch size",
    );
  });
});

describe("sequentialBatches", () => {
  const limits = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined });

  test("visits trials evenly spread over the set once and in order, fresh or overwriting", () => {
    fc.assert(
      fc.property(plans, limits, ({ trials, batch, seed }, limit) => {
        const fresh = [...sequentialBatches(trials, { batch, seed, ...(limit && { limit }) })];
        for (const each of fresh.slice(-2)) expectWellFormed(each, trials, batch);
        const taken = Math.min(trials.count, limit ?? trials.count);
        expect(fresh.flatMap(trialsOf)).toEqual([...spreadTrials(trials.count, taken)]);
        expect(fresh.length).toBe(Math.ceil(taken / batch));
        const into = allocateBatch(trials.shape, batch);
        let place = 0;
        for (const each of sequentialBatches(trials, { batch, seed, into, ...(limit && { limit }) })) {
          expect(each).toBe(into);
          expect(each).toEqual(fresh[place++]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("spreads what it takes: all where that is asked for, and gaps that differ by at most one", () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 300 }), (count, limit) => {
        const taken = [...spreadTrials(count, limit)];
        expect(taken.length).toBe(Math.min(count, limit));
        const gaps = [...taken, count].slice(1).map((next, index) => next - taken[index]!);
        expect(taken[0]).toBe(0);
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test("draws the same with the same seed, 0 unless one is given, and anew in every batch", () => {
    fc.assert(
      fc.property(manySidedTrials, seeds, (trials, seed) => {
        fc.pre(trials.count > 5);
        const chances = (given?: number) =>
          [...sequentialBatches(trials, { batch: 3, ...(given !== undefined && { seed: given }) })].map(
            ({ factors }) => [...factors.chance!],
          );
        expect(chances(seed)).toEqual(chances(seed));
        expect(chances()).toEqual(chances(0));
        expect(chances(seed)).not.toEqual(chances(seed + 1));
        expect(chances(seed)[0]).not.toEqual(chances(seed)[1]);
      }),
      { numRuns: 30 },
    );
  });

  test("what is drawn in a trial, and its name, depend neither on the size of batches nor on the limit", () => {
    fc.assert(
      fc.property(plans, batchSizes, limits, ({ trials, batch, seed }, otherBatch, limit) => {
        const drawnIn = (batches: Iterable<Batch>) =>
          new Map(
            [...batches].flatMap(({ factors, trials: places, round, count }) =>
              Array.from({ length: count }, (_, sample) => {
                expect(places[sample]).toBe(factors.trial![sample]! - 1);
                return [`${round}/${places[sample]}`, factors.chance![sample]!];
              }),
            ),
          );
        const whole = drawnIn(sequentialBatches(trials, { batch, seed }));
        const part = drawnIn(sequentialBatches(trials, { batch: otherBatch, seed, ...(limit && { limit }) }));
        for (const [name, chance] of part) expect(chance).toBe(whole.get(name));
        const epochOf = (size: number) => {
          const sequence = new BatchSequence(trials, size, seed);
          return drawnIn(Array.from({ length: sequence.stepsPerEpoch }, (_, step) => sequence.compose(step)));
        };
        expect(new Map([...epochOf(batch)].sort())).toEqual(new Map([...epochOf(otherBatch)].sort()));
      }),
      { numRuns: 40 },
    );
  });

  test("counts and arrays that do not fit are refused, counts before the first batch is asked for", () => {
    const trials = numberedTrials(9);
    expect(() => sequentialBatches(trials, { batch: 0 })).toThrow("the batch size is 0, expected an integer from 1 on");
    expect(() => sequentialBatches(numberedTrials(0), { batch: 2 })).toThrow("there are 0 trials, expected at least 1");
    expect(() => sequentialBatches(trials, { batch: 2, limit: 0 })).toThrow(UsageError);
    expect(() => sequentialBatches(trials, { batch: 2, limit: 0 })).toThrow(
      "Batches of numbered images: limit is 0, expected an integer from 1 on; leave it out to take all 9 trials",
    );
    const other = allocateBatch({ ...trials.shape, targets: [classTarget(10), classTarget(10)] }, 2);
    expect(() => [...sequentialBatches(trials, { batch: 2, into: other })]).toThrow(ShapeError);
  });
});
