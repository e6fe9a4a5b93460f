import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../src/compute/random.ts";
import { BatchSequence, sequentialBatches } from "../../../src/tasks/batches.ts";
import { digitReports } from "../../../src/tasks/digits/digit-reports.ts";
import { type DigitTrials, digitTrials, drawnPartners, fixedPartners } from "../../../src/tasks/digits/digit-trials.ts";
import type { TimeCourse } from "../../../src/tasks/digits/time-course.ts";
import { ratesOfLevels, standardise } from "../../../src/tasks/stimuli.ts";
import { classTarget } from "../../../src/tasks/targets.ts";
import type { Batch } from "../../../src/tasks/trials.ts";
import { counts, numberedImages, seeds } from "../images/images.ts";

const [height, width] = [2, 3];
const units = height * width;
const digitCounts = fc.integer({ min: 2, max: 4 });
const cases = fc.record({ count: counts, digits: digitCounts, batch: fc.integer({ min: 1, max: 40 }), seed: seeds });
const levels = ratesOfLevels(0.5, 0.5);
const defaults = { report: digitReports.digits, input: "separate", levels } as const;
const courses: fc.Arbitrary<TimeCourse> = fc.record({
  steps: fc.integer({ min: 2, max: 6 }),
  noise: fc.constantFrom(0, 0.5),
  onset: fc.constantFrom("start", "random"),
});

function trialsOf(count: number, seed: number, trials: DigitTrials, kind: "training" | "test") {
  const images = numberedImages(count);
  return digitTrials(
    images,
    trials,
    kind === "training" ? drawnPartners(images) : fixedPartners(images, trials.digits, seed),
  );
}

/** What one digit of a sample of a batch of separate streams shows at a step. */
const pixelsOf = (batch: Batch, digit: number, sample: number, step = 0) => [
  ...batch.stimuli[digit]![step]!.subarray(sample * units, (sample + 1) * units),
];

/** Which of the numbered images that is. */
const imageOf = (batch: Batch, digit: number, sample: number, step = 0) =>
  Math.round((pixelsOf(batch, digit, sample, step)[0]! + 1) * 127.5);

const standardised = (image: number) =>
  [...numberedImages(256).pixels.subarray(image * units, (image + 1) * units)].map(standardise);

describe("digitTrials", () => {
  test("show whole images, ask for what the report says of their labels, and tell them as factors", () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom("training", "test"),
        fc.constantFrom("sum", "digits", "parity-digits-both", "xor"),
        ({ count, digits, batch, seed }, kind, name) => {
          const report = digitReports[name];
          const trials = trialsOf(count, seed, { digits, report, input: "separate", levels }, kind);
          expect(trials.count).toBe(count);
          expect(trials.shape).toEqual({
            streams: Array.from({ length: digits }, (_, digit) => ({
              name: `digit ${digit + 1}`,
              height,
              width,
              channels: 1,
              steps: 1,
            })),
            targets: Array.from({ length: report.targets(digits) }, (_, target) =>
              classTarget(report.classes(digits), `target ${target + 1}`),
            ),
            context: {},
            factors: Array.from({ length: digits }, (_, digit) => `digit ${digit + 1}`),
          });
          const composed = new BatchSequence(trials, batch, seed).compose(0);
          for (let sample = 0; sample < batch; sample++) {
            const padding = sample >= composed.count;
            const shown = Array.from({ length: digits }, (_, digit) => imageOf(composed, digit, sample));
            const labels = shown.map((image) => image % 10);
            shown.forEach((image, digit) => {
              expect(pixelsOf(composed, digit, sample)).toEqual(
                padding ? new Array(units).fill(0) : standardised(image),
              );
              expect(composed.factors[`digit ${digit + 1}`]![sample]).toBe(padding ? 0 : labels[digit]);
            });
            const asked = composed.targets.map(({ values }) => values[0]![sample]);
            expect(asked).toEqual(padding ? asked.map(() => 0) : report.answer(labels));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("side by side, the digits are the separate ones row after row", () => {
    fc.assert(
      fc.property(cases, fc.option(courses, { nil: undefined }), ({ count, digits, batch, seed }, timeCourse) => {
        const quiet = timeCourse && { ...timeCourse, noise: 0 };
        const compose = (input: "separate" | "common") =>
          new BatchSequence(
            trialsOf(count, seed, { ...defaults, digits, input, timeCourse: quiet }, "training"),
            batch,
            seed,
          ).compose(3);
        const [separate, common] = [compose("separate"), compose("common")];
        expect(common).toEqual({ ...separate, stimuli: common.stimuli });
        expect(common.stimuli.length).toBe(1);
        common.stimuli[0]!.forEach((stimuli, step) => {
          const rows = Array.from({ length: batch * height }, (_, row) =>
            separate.stimuli.map((steps) => [...steps[step]!.subarray(row * width, (row + 1) * width)]),
          );
          expect([...stimuli]).toEqual(rows.flat(2));
        });
      }),
      { numRuns: 40 },
    );
  });

  test("training visits every image as the first digit and draws the others anew; tests go through all, always alike", () => {
    fc.assert(
      fc.property(digitCounts, seeds, (digits, seed) => {
        const count = 120;
        const all = Array.from({ length: count }, (_, image) => image);
        const shownBy = (batch: Batch) =>
          Array.from({ length: digits }, (_, digit) => all.map((sample) => imageOf(batch, digit, sample)));
        const sorted = (images: readonly number[]) => [...images].sort((a, b) => a - b);

        const training = new BatchSequence(trialsOf(count, seed, { ...defaults, digits }, "training"), count, seed);
        const [one, next] = [shownBy(training.compose(0)), shownBy(training.compose(1))];
        const pairs = (shown: readonly (readonly number[])[]) =>
          shown[0]!.map((first, sample) => `${first}-${shown[1]![sample]}`);
        expect(sorted(one[0]!)).toEqual(all);
        expect(pairs(one).sort()).not.toEqual(pairs(next).sort());

        const evaluate = (evaluationSeed: number) => {
          const trials = trialsOf(count, seed, { ...defaults, digits }, "test");
          return shownBy([...sequentialBatches(trials, { batch: count, seed: evaluationSeed })][0]!);
        };
        const shown = evaluate(0);
        expect(evaluate(1)).toEqual(shown);
        expect(shown[0]).toEqual(all);
        for (const order of shown.slice(1)) expect(sorted(order)).toEqual(all);
        expect(new Set(shown.map((order) => order.join())).size).toBe(digits);
        const other = fixedPartners(numberedImages(count), digits, seed === 0 ? 1 : seed - 1);
        expect(all.map((trial) => other(1, trial, randomStream(0, "unused")))).not.toEqual(shown[1]);
      }),
      { numRuns: 15 },
    );
  });

  test("are black until the onset and show the image from then on, in all streams alike, at least at the last two steps", () => {
    fc.assert(
      fc.property(cases, courses, ({ count, digits, batch, seed }, course) => {
        const trials = trialsOf(count, seed, { ...defaults, digits, timeCourse: { ...course, noise: 0 } }, "training");
        expect(trials.shape.streams.map(({ steps }) => steps)).toEqual(new Array(digits).fill(course.steps));
        expect(trials.shape.factors.includes("onset")).toBe(course.onset === "random");
        const composed = new BatchSequence(trials, batch, seed).compose(0);
        for (let sample = 0; sample < batch; sample++) {
          const onset = composed.factors.onset?.[sample] ?? 0;
          expect(onset).toBeLessThanOrEqual(course.steps - 2);
          for (let digit = 0; digit < digits; digit++)
            for (let step = 0; step < course.steps; step++) {
              const image = imageOf(composed, digit, sample, course.steps - 1);
              const expected =
                sample >= composed.count
                  ? new Array(units).fill(0)
                  : step < onset
                    ? new Array(units).fill(-1)
                    : standardised(image);
              expect(pixelsOf(composed, digit, sample, step)).toEqual(expected);
            }
        }
      }),
      { numRuns: 30 },
    );
  });

  test("have every onset as often as any other", () => {
    const course: TimeCourse = { steps: 5, noise: 0, onset: "random" };
    const trials = trialsOf(256, 1, { ...defaults, digits: 2, timeCourse: course }, "training");
    const found = [0, 0, 0, 0, 0];
    const sequence = new BatchSequence(trials, 256, 1);
    for (let step = 0; step < 16; step++) for (const onset of sequence.compose(step).factors.onset!) found[onset]! += 1;
    // 4096 draws of 4 onsets: the SD of each count is 28.
    for (const count of found.slice(0, 4)) expect(Math.abs(count - 1024)).toBeLessThan(5 * 28);
    expect(found[4]).toBe(0);
  });

  test("have noise of its own on every digit, sample and step, over black and image alike, and none on padding", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom("start", "random"), (seed, onset) => {
        const timeCourse: TimeCourse = { steps: 4, noise: 0.5, onset };
        const compose = (noise: number, step = 1) =>
          new BatchSequence(
            trialsOf(200, seed, { ...defaults, digits: 2, timeCourse: { ...timeCourse, noise } }, "training"),
            150,
            seed,
          ).compose(step);
        const [noisy, quiet] = [compose(0.5), compose(0)];
        expect(compose(0.5)).toEqual(noisy);
        expect(compose(0.5, 3)).not.toEqual(noisy);
        expect({ ...noisy, stimuli: 0 }).toEqual({ ...quiet, stimuli: 0 });
        expect(noisy.count).toBe(50);
        const parts = noisy.stimuli.flatMap((steps, stream) =>
          steps.map((stimuli, step) => stimuli.map((value, unit) => value - quiet.stimuli[stream]![step]![unit]!)),
        );
        const used = noisy.count * units;
        for (const part of parts) {
          expect(part.subarray(used).every((value) => value === 0)).toBe(true);
          const power = part.reduce((sum, value) => sum + value * value, 0) / used;
          // The variance of 300 values: its SD is 0.25 sqrt(2 / 300) = 0.02.
          expect(Math.abs(power - 0.25)).toBeLessThan(6 * 0.0205);
        }
        parts.forEach((one, index) => {
          for (const other of parts.slice(index + 1)) {
            const product = one.reduce((sum, value, place) => sum + value * other[place]!, 0) / used;
            expect(Math.abs(product)).toBeLessThan((6 * 0.25) / Math.sqrt(used));
          }
        });
      }),
      { numRuns: 15 },
    );
  });
});
