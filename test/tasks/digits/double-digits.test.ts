import { resolve } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { loadTask } from "../../../src/built-in.ts";
import { DataError, DescriptionError, UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { BatchSequence, sequentialBatches } from "../../../src/tasks/batches.ts";
import { doubleDigits } from "../../../src/tasks/digits/double-digits.ts";
import { loadDigits } from "../../../src/tasks/images/digits.ts";
import { imageStatistics } from "../../../src/tasks/images/image-statistics.ts";
import { ratesOfLevels } from "../../../src/tasks/stimuli.ts";
import { classTarget } from "../../../src/tasks/targets.ts";
import type { TrialSet } from "../../../src/tasks/trials.ts";

type Options = NonNullable<Parameters<typeof doubleDigits>[0]>;

const small = { source: "symbols", size: 9, count: 60, testCount: 30 } as const satisfies Options;
const firstBatch = (trials: TrialSet, batch: number) => [...sequentialBatches(trials, { batch })][0]!;

test("is plain data with defaults that survives JSON", () => {
  expect(doubleDigits()).toEqual({
    kind: "double-digits",
    digits: 2,
    report: "parity-digits",
    input: "separate",
    noise: 0,
    onset: "start",
    source: "mnist",
    validation: 0,
  });
  const description = doubleDigits({
    digits: 3,
    report: "digit-3",
    input: "common",
    noise: 0.5,
    onset: "random",
    steps: 5,
    data: "folder",
    validation: 5,
    limit: 7,
    testLimit: 3,
  });
  expect(builtIn.resolve("task", JSON.parse(JSON.stringify(description)))).toEqual(description);
});

test.each<[object, string]>([
  [
    { report: "parity-digit" },
    'task "double-digits": report: got "parity-digit", expected one of parity-digits, parity-digits-inverse, ',
  ],
  [{ report: "parity-digit" }, '(did you mean "parity-digits"?)'],
  [{ report: "xr" }, '(did you mean "xor"?)'],
  [
    { report: "digit-3" },
    'task "double-digits": report: "digit-3" needs 3 digits and a trial shows 2; ask for at most "digit-2", or set digits to 3',
  ],
  [
    { noise: 0.5 },
    'task "double-digits": steps: missing, and noise 0.5 differs between time steps; give the time steps of the circuit, such as 5',
  ],
  [
    { onset: "random" },
    'task "double-digits": steps: missing, and a random onset differs between time steps; give the time steps',
  ],
  [{ steps: 1, onset: "random" }, 'task "double-digits": steps: got 1, expected a whole number from 2 to 1000'],
  [{ digits: 1 }, 'task "double-digits": digits: got 1, expected a whole number from 2 to 8'],
  [{ digits: 9 }, 'task "double-digits": digits: got 9, expected a whole number from 2 to 8'],
  [{ noise: -1 }, 'task "double-digits": noise: got -1, expected a number from 0 to 100'],
  [{ input: "both" }, 'task "double-digits": input: got "both", expected one of separate, common'],
  [{ onset: "late" }, 'task "double-digits": onset: got "late", expected one of start, random'],
  [{ source: "cifar10" }, 'task "double-digits": source: got "cifar10", expected one of mnist, symbols'],
  [
    { source: "symbols", data: "here" },
    `task "double-digits": data: "${resolve("here")}" names a folder and the source "symbols" reads no files; leave one of them out`,
  ],
  [
    { count: 5 },
    'task "double-digits": count: is for drawn symbols and the source is "mnist"; use limit and testLimit, or set source to "symbols"',
  ],
  [{ reprot: "sum" }, 'task "double-digits": unknown setting "reprot" (did you mean "report"?)'],
])("%j is refused", (options, text) => {
  expect(() => doubleDigits(options as Options)).toThrow(DescriptionError);
  expect(() => doubleDigits(options as Options)).toThrow(text);
});

describe("loadTask", () => {
  test("pairs digits: as many trials as images, the first digit in the order of the set", async () => {
    const task = await loadTask(doubleDigits({ data: inject("fewDigits"), report: "sum" }), 1);
    expect(task).toMatchObject({ name: "double-digits", classes: 19, presentations: 1 });
    expect(task.classNames).toEqual(Array.from({ length: 19 }, (_, label) => String(label)));
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([1000, 0, 200]);
    const { test: images, training } = await loadDigits({ directory: inject("fewDigits") });
    const { mean, standardDeviation } = imageStatistics(training);
    const levels = ratesOfLevels(mean[0]!, standardDeviation[0]!);
    const batch = firstBatch(task.test, 100);
    expect([...batch.factors["digit 1"]!]).toEqual([...images.labels.subarray(0, 100)]);
    expect(batch.stimuli[0]![0]).toEqual(
      Float32Array.from(images.pixels.subarray(0, 100 * 784), (byte) => levels[byte]!),
    );
    expect(batch.targets[0]!.values[0]).toEqual(
      batch.factors["digit 1"]!.map((digit, trial) => digit + batch.factors["digit 2"]![trial]!),
    );
  });

  test("divides, spreads over time and asks as described, the same for the same seed", async () => {
    const description = doubleDigits({
      ...small,
      digits: 3,
      report: "digits",
      input: "common",
      noise: 0.3,
      onset: "random",
      steps: 4,
      validation: 10,
      limit: 40,
      testLimit: 20,
    });
    const task = await loadTask(description, 2);
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([40, 10, 20]);
    for (const { shape } of [task.training, task.validation, task.test])
      expect(shape).toEqual({
        streams: [{ name: "digits", height: 9, width: 27, channels: 1, steps: 4 }],
        targets: [1, 2, 3].map((target) => classTarget(10, `target ${target}`)),
        context: {},
        factors: ["digit 1", "digit 2", "digit 3", "onset"],
      });
    const [again, other] = [await loadTask(description, 2), await loadTask(description, 3)];
    for (const set of ["validation", "test"] as const) {
      expect(firstBatch(again[set], 10)).toEqual(firstBatch(task[set], 10));
      expect(firstBatch(other[set], 10)).not.toEqual(firstBatch(task[set], 10));
    }
    const compose = (trials: TrialSet) => new BatchSequence(trials, 16, 2).compose(5);
    expect(compose(again.training)).toEqual(compose(task.training));
    // Training draws partners from the random numbers of the batch; validation and test have theirs.
    const partners = (trials: TrialSet, seed: number) =>
      [...sequentialBatches(trials, { batch: 40, seed })][0]!.factors["digit 2"];
    expect(partners(task.training, 1)).not.toEqual(partners(task.training, 2));
    expect(partners(task.validation, 1)).toEqual(partners(task.validation, 2));
    expect(partners(task.test, 1)).toEqual(partners(task.test, 2));
  });

  test("steps alone do not multiply stimuli that stay the same", async () => {
    const task = await loadTask(doubleDigits({ ...small, steps: 5 }), 1);
    expect(task.test.shape.streams.map(({ steps }) => steps)).toEqual([1, 1]);
  });

  test("what cannot be had is refused", async () => {
    const many = loadTask(doubleDigits({ ...small, testLimit: 31 }), 1);
    await expect(many).rejects.toThrow(UsageError);
    await expect(many).rejects.toThrow("Task double-digits: testLimit is 31 and there are 30 test images; lower it");
    await expect(loadTask(doubleDigits({ data: "no/such/folder" }), 1)).rejects.toThrow(DataError);
  });
});
