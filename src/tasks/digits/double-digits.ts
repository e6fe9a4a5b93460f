import * as z from "zod";
import { noiseDeviation } from "../../kinds/counts.ts";
import type { TrainingAndTestImages } from "../data-set.ts";
import { loadDigits } from "../images/digits.ts";
import { imageStatistics } from "../images/image-statistics.ts";
import { divideImages, labelledImagesSettings } from "../images/labelled-images-task.ts";
import { drawSymbols, symbolsSettings } from "../images/symbols.ts";
import { ratesOfLevels } from "../stimuli.ts";
import { defineTask, type TaskContext } from "../task.ts";
import { type DigitReportName, digitReports, mostDigits } from "./digit-reports.ts";
import { type DigitTrials, digitTrials, drawnPartners, fixedPartners } from "./digit-trials.ts";

const reportNames = Object.keys(digitReports) as [DigitReportName, ...DigitReportName[]];
const { size, count, testCount } = symbolsSettings;

const settings = z.strictObject({
  /** Digits of a trial. */
  digits: z.int().min(2).max(mostDigits).default(2),
  /** What is asked about them. */
  report: z.enum(reportNames).default("parity-digits"),
  /** Each digit in a stream of its own, or all side by side in one. */
  input: z.enum(["separate", "common"]).default("separate"),
  /** SD of the Gaussian noise on every standardised pixel, anew at every time step. */
  noise: noiseDeviation.default(0),
  /** Whether the digits are there from the first time step on, or from one on that each trial draws. */
  onset: z.enum(["start", "random"]).default("start"),
  /** Time steps of the circuit; needed with noise or a random onset. */
  steps: z.int().min(2).max(1000).optional(),
  /** Handwritten digits, or drawn symbols that need no files. */
  source: z.enum(["mnist", "symbols"]).default("mnist"),
  /** Those of the task "symbols"; with that source alone. */
  size: size.unwrap().optional(),
  count: count.unwrap().optional(),
  testCount: testCount.unwrap().optional(),
  ...labelledImagesSettings,
});
type Settings = z.infer<typeof settings>;

/** What settings that are fine by themselves lack together. */
function faultOf({ digits, report, noise, onset, steps, source, data, ...drawn }: Settings): [string, string] | [] {
  const { least } = digitReports[report];
  if (least > digits) {
    const highest = `"digit-${digits}"`;
    return [
      "report",
      `"${report}" needs ${least} digits and a trial shows ${digits}; ask for at most ${highest}, or set digits to ${least}`,
    ];
  }
  const timed = noise > 0 ? `noise ${noise}` : onset === "random" ? "a random onset" : undefined;
  if (timed !== undefined && steps === undefined) {
    return ["steps", `missing, and ${timed} differs between time steps; give the time steps of the circuit, such as 5`];
  }
  if (source === "symbols" && data !== undefined) {
    return ["data", `"${data}" names a folder and the source "symbols" reads no files; leave one of them out`];
  }
  const [stray] = (["size", "count", "testCount"] as const).filter((name) => drawn[name] !== undefined);
  if (source === "mnist" && stray !== undefined) {
    return [
      stray,
      `is for drawn symbols and the source is "mnist"; use limit and testLimit, or set source to "symbols"`,
    ];
  }
  return [];
}

/**
 * Several digits at once, and a question that takes more than one of them to answer. Trials are as many as images: each shows
 * its image as the first digit and other images of the set as the others, in training drawn anew at every visit, in validation
 * and test always the same ones. Pixels are standardised by mean and SD of the training images.
 *
 * Settings: digits of a trial (default 2), `report` (default "parity-digits"; the names of `digitReports`), `input` "separate"
 * (default: streams "digit 1", "digit 2", ...) or "common" (one stream, side by side), `noise` (SD, default 0), `onset`
 * ("start", default, or "random") and, with either, the circuit's time `steps`; `source` "mnist" (default) or "symbols" with
 * its size and counts; folder of the data, images for validation (default 0), training and test images to use (default all).
 * Refused are options that do not fit together: a digit that is not shown, noise or a random onset without steps, files or
 * counts that the source does not take.
 */
export const doubleDigits = defineTask({
  kind: "double-digits",
  summary: "report about several digits at once, such as the parity of their sum",
  settings: settings.check((context) => {
    const [field, message] = faultOf(context.value);
    if (field !== undefined) {
      context.issues.push({ code: "custom", path: [field], message, input: context.value[field as keyof Settings] });
    }
  }),
  async build(given, context) {
    const { name, seed } = context;
    const { training, validation, test } = divideImages(name, await load(given, context), given, seed);
    const { digits } = given;
    const { mean, standardDeviation } = imageStatistics(training);
    const trials = trialsOf(given, ratesOfLevels(mean[0]!, standardDeviation[0]! || 1));
    const classes = trials.report.classes(digits);
    return {
      name,
      classes,
      classNames: Array.from({ length: classes }, (_, label) => String(label)),
      presentations: 1,
      training: digitTrials(training, trials, drawnPartners(training)),
      validation: digitTrials(validation, trials, fixedPartners(validation, digits, seed)),
      test: digitTrials(test, trials, fixedPartners(test, digits, seed)),
    };
  },
});

function trialsOf({ digits, report, input, noise, onset, steps }: Settings, levels: Float32Array): DigitTrials {
  const varies = noise > 0 || onset === "random";
  return {
    digits,
    report: digitReports[report],
    input,
    levels,
    timeCourse: varies ? { steps: steps!, noise, onset } : undefined,
  };
}

async function load(description: Settings, { seed, sources }: TaskContext): Promise<TrainingAndTestImages> {
  if (description.source === "mnist") return loadDigits({ directory: description.data, sources });
  return drawSymbols(z.object(symbolsSettings).parse(description), seed);
}
