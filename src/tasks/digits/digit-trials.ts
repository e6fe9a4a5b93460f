import { type RandomStream, randomStream } from "../../compute/random.ts";
import type { LabelledImages } from "../images/images.ts";
import { standardiseRun } from "../stimuli.ts";
import { classTarget } from "../targets.ts";
import { type Stream, type TrialSet, type TrialShape, unitsOfStream } from "../trials.ts";
import type { DigitReport } from "./digit-reports.ts";
import { drawOnset, showFromOnset, type TimeCourse } from "./time-course.ts";

/** How several digits are shown and what is asked about them. */
export interface DigitTrials {
  /** Digits of a trial. */
  readonly digits: number;
  readonly report: DigitReport;
  /** "separate": each digit is a stream. "common": they are side by side in one. */
  readonly input: "separate" | "common";
  /** Rate of an input unit for each grey level, [256]. */
  readonly levels: Float32Array;
  /** Absent: the same stimulus stays, without noise. */
  readonly timeCourse?: TimeCourse | undefined;
}

/** Which image a trial shows as a digit other than its first one; digits count from 0. */
type Partners = (digit: number, trial: number, random: RandomStream) => number;

/** For training: any image of the set, drawn anew whenever the trial is shown. */
export function drawnPartners({ count }: LabelledImages): Partners {
  return (_digit, _trial, random) => random.integer(0, count - 1);
}

/** For tests: each digit goes through the images in a random order of its own, which is always the same. */
export function fixedPartners({ name, count }: LabelledImages, digits: number, seed: number): Partners {
  const orders = Array.from({ length: digits - 1 }, (_, other) =>
    randomStream(seed, `partners/${name}/digit-${other + 2}`).permutation(count),
  );
  return (digit, trial) => orders[digit - 1]![trial]!;
}

/**
 * Trials that show several standardised images and ask a question about their labels. Trial i shows image i as its first digit
 * and `partners` as the others. The factors "digit 1", "digit 2", ... tell the digits shown, and, where it is random, "onset"
 * the time step from which on they are.
 */
export function digitTrials(images: LabelledImages, trials: DigitTrials, partners: Partners): TrialSet {
  const { digits, report, timeCourse, levels } = trials;
  const streams = streamsOf(images, trials);
  const withOnset = timeCourse?.onset === "random";
  return {
    name: images.name,
    count: images.count,
    shape: {
      streams,
      targets: Array.from({ length: report.targets(digits) }, (_, target) =>
        classTarget(report.classes(digits), `target ${target + 1}`),
      ),
      context: {},
      factors: [...Array.from({ length: digits }, (_, digit) => factorOf(digit)), ...(withOnset ? ["onset"] : [])],
    },
    fill(batch, taken, randomOf) {
      // The last time step always shows the digits, so they are drawn there first.
      const shown = batch.stimuli.map((steps) => steps.at(-1)!);
      const perStream = digits / streams.length;
      for (let sample = 0; sample < taken.length; sample++) {
        const random = randomOf(sample);
        const labels = new Array<number>(digits);
        for (let digit = 0; digit < digits; digit++) {
          const image = digit === 0 ? taken[sample]! : partners(digit, taken[sample]!, random);
          const place = { sample, column: digit % perStream, columns: perStream };
          showImage(shown[Math.floor(digit / perStream)]!, place, images, image, levels);
          const label = images.labels[image]!;
          labels[digit] = label;
          batch.factors[factorOf(digit)]![sample] = label;
        }
        report.answer(labels).forEach((label, target) => {
          batch.targets[target]!.values[0]![sample] = label;
        });
        if (timeCourse === undefined) continue;
        const onset = drawOnset(timeCourse, random);
        if (withOnset) batch.factors.onset![sample] = onset;
        for (const [stream, steps] of batch.stimuli.entries()) {
          const units = unitsOfStream(streams[stream]!);
          const rows = steps.map((stimuli) => stimuli.subarray(sample * units, (sample + 1) * units));
          showFromOnset(rows, onset, timeCourse.noise, levels[0]!, random);
        }
      }
    },
  };
}

const factorOf = (digit: number) => `digit ${digit + 1}`;

/** Factors of trials that tell the digits shown, in their order. */
export const digitFactors = ({ factors }: Pick<TrialShape, "factors">): string[] =>
  factors.filter((factor, place) => factor === factorOf(place));

function streamsOf(
  { height, width, channels }: LabelledImages,
  { digits, input, timeCourse }: DigitTrials,
): readonly Stream[] {
  const steps = timeCourse?.steps ?? 1;
  if (input === "common") return [{ name: "digits", height, width: digits * width, channels, steps }];
  return Array.from({ length: digits }, (_, digit) => ({ name: factorOf(digit), height, width, channels, steps }));
}

/** Writes an image over its place in a stream whose samples show one or several side by side. */
function showImage(
  stimuli: Float32Array,
  { sample, column, columns }: Readonly<Record<"sample" | "column" | "columns", number>>,
  { pixels, height, width, channels }: LabelledImages,
  image: number,
  levels: Float32Array,
): void {
  // An image that has a stream to itself is one run of pixels, others one for each of their rows.
  const rows = columns === 1 ? 1 : height;
  const run = (height / rows) * width * channels;
  for (let row = 0; row < rows; row++)
    standardiseRun(
      { pixels, from: (image * rows + row) * run, count: run },
      stimuli,
      ((sample * rows + row) * columns + column) * run,
      levels,
    );
}
