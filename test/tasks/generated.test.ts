import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, DescriptionError, UsageError } from "../../src/kinds/errors.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { builtIn } from "../../src/library.ts";
import { BatchSequence, sequentialBatches } from "../../src/tasks/batches.ts";
import {
  type GeneratedTask,
  type GeneratedTrial,
  generated,
  trialCounts,
} from "../../src/tasks/generated/generated.ts";
import { defineTask, loadTask, type Task } from "../../src/tasks/task.ts";
import type { Batch } from "../../src/tasks/trials.ts";

const sides = ["left", "right"];

/** Two noisy inputs over time, one of which is larger; how sure one can be is a factor. */
const comparison = defineTask({
  kind: "comparison",
  summary: "which of two noisy inputs is larger",
  settings: z.strictObject({
    steps: z.int().min(1).default(3),
    noise: z.number().min(0).default(1),
    trials: trialCounts,
  }),
  build: ({ steps, noise, trials }, context) =>
    generated(context, {
      streams: { evidence: { units: 2, steps } },
      targets: { choice: { classes: sides, mask: "steps" } },
      factors: ["strength", "place"],
      trials,
      trial(random, place) {
        const right = random.integer(0, 1);
        const strength = random.uniform();
        const evidence = Array.from({ length: steps }, () =>
          [1 - right, right].map((side) => side * strength + noise * random.normal()),
        );
        return {
          stimuli: { evidence },
          targets: { choice: sides[right]! },
          masks: { choice: evidence.map((_, step) => (step === steps - 1 ? 1 : 0)) },
          factors: { strength, place },
        };
      },
    }),
});
const library = builtIn.with(definePlugin({ name: "mine", parts: [comparison] }));
const open = (given: Parameters<typeof comparison>[0], seed: number) => loadTask(comparison(given), seed, library);

/** What the samples of a batch hold, padding left out. */
const samplesOf = ({ stimuli, targets, factors, trials, count }: Batch) =>
  Array.from({ length: count }, (_, sample) => ({
    trial: trials[sample]!,
    evidence: stimuli[0]!.map((row) => [...row.subarray(2 * sample, 2 * sample + 2)]),
    choice: targets[0]!.values[0]![sample],
    weights: targets[0]!.weights!.map((row) => row[sample]),
    strength: factors.strength![sample],
    place: factors.place![sample],
  }));

/** The trial of a place, made from nothing but what it may depend on. */
function expected(set: string, place: number, seed: number, steps: number) {
  const random = randomStream(seed, `task/${set}/${place}`);
  const choice = random.integer(0, 1);
  const strength = random.uniform();
  const evidence = Array.from({ length: steps }, () =>
    [1 - choice, choice].map((side) => Math.fround(side * strength + random.normal())),
  );
  const weights = evidence.map((_, step) => (step === steps - 1 ? 1 : 0));
  return { trial: place, evidence, choice, weights, strength: Math.fround(strength), place };
}

const seeds = fc.nat(1000);

test("a trial depends on seed, set and place alone, whatever the batches, and endless training never repeats", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: seeds,
        steps: fc.integer({ min: 1, max: 4 }),
        epoch: fc.integer({ min: 1, max: 12 }),
        training: fc.constantFrom<"endless" | number>("endless", 7),
        batch: fc.integer({ min: 1, max: 9 }),
        other: fc.integer({ min: 1, max: 9 }),
        history: fc.array(fc.nat(40), { maxLength: 3 }),
        presentations: fc.integer({ min: 1, max: 2 }),
      }),
      async ({ seed, steps, epoch, training, batch, other, history, presentations }) => {
        const task = await open({ steps, trials: { training, epoch, validation: 3, test: 4 } }, seed);
        const endless = training === "endless";
        const count = endless ? epoch : 7;
        const sequence = new BatchSequence(task.training, batch, seed, presentations);
        for (const step of history) sequence.compose(step);
        expect(sequence.stepsPerEpoch).toBe(Math.ceil(count / batch) * presentations);
        const shown: number[] = [];
        for (let step = 0; step < 3 * sequence.stepsPerEpoch; step += presentations)
          for (const sample of samplesOf(sequence.compose(step))) {
            expect(sample).toEqual(expected("training", sample.trial, seed, steps));
            shown.push(sample.trial);
          }
        const places = Array.from({ length: endless ? 3 * count : count }, (_, place) => place);
        if (endless) expect(shown).toEqual(places);
        else
          for (const round of [0, 1, 2])
            expect(shown.slice(round * count, (round + 1) * count).sort((a, b) => a - b)).toEqual(places);

        for (const [set, size] of [
          ["validation", 3],
          ["test", 4],
        ] as const) {
          const samples = [...sequentialBatches(task[set], { batch: other, seed: seed + 1 })].flatMap(samplesOf);
          expect(samples).toEqual(Array.from({ length: size }, (_, place) => expected(set, place, seed, steps)));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("settings have defaults, and an epoch that is left over is padded", async () => {
  expect(library.resolve("task", "comparison")).toEqual({
    kind: "comparison",
    steps: 3,
    noise: 1,
    trials: { training: "endless", epoch: 1000, validation: 0, test: 1000 },
  });
  const task = await open({ trials: { epoch: 5, test: 2 } }, 1);
  expect(task).toMatchObject({ name: "comparison", classes: 2, classNames: sides, presentations: 1 });
  expect(task.training.shape).toEqual({
    streams: [{ name: "evidence", height: 1, width: 2, channels: 1, steps: 3 }],
    targets: [{ kind: "class", name: "choice", classes: 2, steps: 1, weights: { steps: 3, units: 1 } }],
    context: {},
    factors: ["strength", "place"],
  });
  const sequence = new BatchSequence(task.training, 3, 1);
  const batch = sequence.compose(1);
  expect([batch.count, [...batch.trials.subarray(0, 2)]]).toEqual([2, [3, 4]]);
  expect([...batch.stimuli[0]![0]!.subarray(4)]).toEqual([0, 0]);
  expect([...sequence.compose(2, batch).trials]).toEqual([5, 6, 7]);
});

test("the last trial that can be counted is shown, and the next one refused", async () => {
  const task = await open({ trials: { epoch: 2 ** 20 } }, 1);
  const sequence = new BatchSequence(task.training, 2 ** 20, 1);
  const tiny = { ...task.training, fill: () => {} };
  expect(new BatchSequence(tiny, 2 ** 20, 1).compose(2 ** 12 - 1).trials.at(-1)).toBe(2 ** 32 - 1);
  expect(() => sequence.compose(2 ** 12)).toThrow(UsageError);
  expect(() => sequence.compose(2 ** 12)).toThrow(
    "Batches of training trials: 4,294,967,296 trials have been shown, which is all that can be counted; start a new run",
  );
});

const context = {
  name: "own",
  seed: 1,
  sources: { read: async () => new Uint8Array(), list: async () => [], size: async () => 0 },
};
const counts = trialCounts.parse({ test: 3 });
const shown = (task: Task) => [...sequentialBatches(task.test, { batch: 2, limit: 1 })];

describe("what a function gives", () => {
  const base: GeneratedTask = {
    streams: { light: { units: 2, steps: 3 }, picture: { height: 2, width: 1 } },
    targets: { choice: { classes: ["a", "b"], steps: 3 }, place: { units: 2, mask: "units" } },
    factors: ["size"],
    trials: counts,
    trial: () => good,
  };
  const good: GeneratedTrial = {
    stimuli: { light: [[1, 2], Float32Array.of(3, 4), [5, 6]], picture: [7, 8] },
    targets: { choice: ["a", "b", "b"], place: [0.5, -1] },
    masks: { place: [1, 0] },
    factors: { size: 9 },
  };

  test("is written in any form that has its shape", () => {
    const forms: GeneratedTrial[] = [
      good,
      { ...good, stimuli: { light: Float64Array.of(1, 2, 3, 4, 5, 6), picture: [[7, 8]] } },
      { ...good, targets: { choice: [0, 1, 1], place: Float32Array.of(0.5, -1) } },
    ];
    const [first, ...others] = forms.map((trial) => {
      const [{ stimuli, targets, factors }] = shown(generated(context, { ...base, trial: () => trial })) as [Batch];
      return { stimuli, targets, factors };
    });
    expect(first!.stimuli.map((steps) => steps.map((row) => [...row]))).toEqual([
      [
        [1, 2, 0, 0],
        [3, 4, 0, 0],
        [5, 6, 0, 0],
      ],
      [[7, 8, 0, 0]],
    ]);
    expect(first!.targets.map(({ values }) => values.map((row) => [...row]))).toEqual([
      [
        [0, 0],
        [1, 0],
        [1, 0],
      ],
      [[0.5, -1, 0, 0]],
    ]);
    expect([...first!.targets[1]!.weights![0]!]).toEqual([1, 0, 0, 0]);
    for (const other of others) expect(other).toEqual(first);
  });

  test.each([
    [undefined, "nothing"],
    [3, "3"],
    [Promise.resolve(good), "a promise"],
  ])("is refused where it is no trial: %s", (given, told) => {
    expect(() => shown(generated(context, { ...base, trial: () => given as never }))).toThrow(
      new DataError(`task "own", test trial 0: it is ${told}; expected an object with stimuli and targets`),
    );
  });

  test.each<[string, Partial<Record<keyof GeneratedTrial, object>>, string]>([
    ["nothing", { stimuli: { light: good.stimuli.light! } }, "stimuli.picture is missing; expected 2 values"],
    [
      "a number for rows",
      { stimuli: { ...good.stimuli, light: 3 } },
      "stimuli.light is 3; expected 3 steps of 2 values",
    ],
    [
      "too few steps",
      { stimuli: { ...good.stimuli, light: [[1, 2]] } },
      "stimuli.light has 1 rows; expected 3 steps of 2 values",
    ],
    [
      "steps last",
      {
        stimuli: {
          ...good.stimuli,
          light: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
      "stimuli.light has 2 rows; expected 3 steps of 2 values, steps first, so transpose it",
    ],
    [
      "a short row",
      { stimuli: { ...good.stimuli, light: [[1, 2], [3], [4, 5]] } },
      "stimuli.light, step 1 has 1 values; expected 2",
    ],
    [
      "NaN",
      { stimuli: { ...good.stimuli, light: [1, 2, 3, NaN, 5, 6] } },
      "stimuli.light, step 1, unit 1 is NaN; expected a finite number",
    ],
    [
      "too large",
      { stimuli: { ...good.stimuli, picture: [1e39, 1] } },
      "stimuli.picture, unit 0 is 1e+39; expected a finite number",
    ],
    [
      "another class",
      { targets: { ...good.targets, choice: ["a", "c", "b"] } },
      'targets.choice, step 1 is "c"; expected one of a, b, or a label from 0 to 1',
    ],
    [
      "another label",
      { targets: { ...good.targets, choice: [0, 1, 2] } },
      "targets.choice, step 2 is 2; expected one of a, b, or a label from 0 to 1",
    ],
    [
      "a negative weight",
      { masks: { place: [1, -1] } },
      "masks.place, unit 1 is -1; expected a finite number from 0 on",
    ],
    ["no mask", { masks: {} }, "masks.place is missing; expected 2 values"],
    ["no factor", { factors: {} }, "factors.size is missing; expected 1 value"],
  ])("is refused with its trial and place where it is %s", (_, change, text) => {
    const bad = generated(context, { ...base, trial: () => ({ ...good, ...change }) as GeneratedTrial });
    expect(() => shown(bad)).toThrow(DataError);
    expect(() => shown(bad)).toThrow(`task "own", test trial 0: ${text}`);
  });

  test.each<[Partial<GeneratedTask>, string]>([
    [{ streams: {} }, 'task "own" has no streams; give it at least one'],
    [
      { streams: { light: { units: 2, steps: 2 } } },
      'task "own": "light" has 2 time steps and others have 3; give all as many, or 1',
    ],
    [{ streams: { light: { units: 0 } } }, 'task "own": light.units is 0; expected a whole number from 1 on'],
    [
      { targets: { one: { classes: ["a", "b"] }, two: { classes: ["b", "a"] } } },
      'task "own": its targets have the classes a, b and b, a; give all the same',
    ],
  ])("%j is refused before any trial", (change, text) => {
    expect(() => generated(context, { ...base, ...change })).toThrow(new DescriptionError(text));
  });
});
