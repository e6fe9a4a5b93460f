import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { standardDeviation } from "../../src/analysis/moments.ts";
import { buildNetwork, buildOptimiser, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { choiceName } from "../../src/circuits/decision.ts";
import { builtIn } from "../../src/library.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { fluctuationName } from "../../src/plasticity/presentation.ts";
import { BatchSequence, sequentialBatches } from "../../src/tasks/batches.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import { classTarget } from "../../src/tasks/targets.ts";
import { type Batch, type TrialSet, unitsOfStream } from "../../src/tasks/trials.ts";
import { feederOf } from "../../src/training/feeds.ts";
import { createLearner } from "../../src/training/learner.ts";
import { parseRun } from "../../src/training/run-description.ts";

/** Trials that all look the same and ask for class 0, so that noise alone tells them apart. */
const alike = (count: number, name = "like trials"): TrialSet => ({
  name,
  count,
  shape: {
    streams: [{ name: "nothing", height: 1, width: 1, channels: 4, steps: 1 }],
    targets: [classTarget(2)],
    context: {},
    factors: [],
  },
  fill(batch, trials) {
    batch.stimuli[0]![0]!.fill(0, 0, trials.length * unitsOfStream(this.shape.streams[0]!));
    batch.targets[0]!.values[0]!.fill(0, 0, trials.length);
  },
});

const [units, steps] = [3, 4];
/** Two noisy populations over time, each with a readout, of which the decision takes one at random or the sum. */
const noisyCircuit = (module: "random" | "sum") =>
  circuit("noisy", (c) => {
    c.steps(steps);
    const input = c.input("x", { units: 4 });
    for (const name of ["first", "second"]) {
      const hidden = c.population(name, { units, noise: 1, gain: "tanh" });
      const report = c.population(`report-${name}`, { units: 2 });
      c.project(input, hidden);
      c.project(hidden, report);
      c.readout(report);
    }
    c.decision({ module });
  });
const network = buildNetwork(noisyCircuit("random"));
const planOf = (batch: number, name: "train" | "evaluate") =>
  learningProgram({
    network,
    rule: buildRule({ kind: "node-perturbation" }),
    optimiser: buildOptimiser({ kind: "sgd", rate: 0.1 }),
    batch,
  }).plans[name]!;
const names = ["first", "second"].flatMap((name) =>
  Array.from({ length: steps }, (_, step) => fluctuationName(name, step)),
);
const choices = ["report-first", "report-second"].map(choiceName);

/** Everything random that samples are fed, by trial. */
async function drawn(batches: Iterable<Batch>, size: number, moment: { seed: number; presentation?: number }) {
  const feed = await feederOf(planOf(size, "evaluate"), network);
  const byTrial = new Map<number, number[]>();
  for (const batch of batches) {
    const feeds = feed(batch, moment);
    const width = (values: Float32Array) => values.length / size;
    for (let sample = 0; sample < size; sample++) {
      const values = [...names, ...choices].flatMap((name) => {
        const row = width(feeds[name]!);
        return [...feeds[name]!.subarray(sample * row, (sample + 1) * row)];
      });
      if (sample < batch.count) byTrial.set(batch.trials[sample]!, values);
      else expect(new Set(values)).toEqual(new Set([0]));
    }
  }
  return byTrial;
}

test("noise and choice of a trial depend on seed, round, trial and presentation, and on nothing else of the batch", async () => {
  const sizes = fc.integer({ min: 1, max: 9 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(99),
      fc.integer({ min: 2, max: 12 }),
      sizes,
      sizes,
      async (seed, count, size, otherSize) => {
        const trials = alike(count);
        const whole = await drawn(sequentialBatches(trials, { batch: size }), size, { seed });
        expect(whole.size).toBe(count);
        expect(await drawn(sequentialBatches(trials, { batch: otherSize }), otherSize, { seed })).toEqual(whole);
        const some = await drawn(sequentialBatches(trials, { batch: otherSize, limit: 2 }), otherSize, { seed });
        for (const [trial, values] of some) expect(values).toEqual(whole.get(trial));
        const epoch = (number: number, batch: number) => {
          const sequence = new BatchSequence(trials, batch, seed);
          const { stepsPerEpoch } = sequence;
          return Array.from({ length: stepsPerEpoch }, (_, step) => sequence.compose(number * stepsPerEpoch + step));
        };
        const learned = await drawn(epoch(1, size), size, { seed });
        expect(await drawn(epoch(1, otherSize), otherSize, { seed })).toEqual(learned);
        const occasions = [
          whole,
          learned,
          await drawn(epoch(2, size), size, { seed }),
          await drawn(sequentialBatches(trials, { batch: size }), size, { seed, presentation: 1 }),
          await drawn(sequentialBatches(trials, { batch: size }), size, { seed: seed + 1 }),
          await drawn(sequentialBatches(alike(count, "others"), { batch: size }), size, { seed }),
        ];
        // The noise of a trial holds 24 normal numbers: none comes twice.
        const numbers = occasions.flatMap((each) =>
          [...each.values()].flatMap((values) => values.slice(0, names.length)),
        );
        expect(new Set(numbers).size).toBe(numbers.length);
      },
    ),
    { numRuns: 20 },
  );
});

test("exploration differs from batch to batch, from presentation to presentation and from epoch to epoch", async () => {
  const feed = await feederOf(planOf(8, "train"), network);
  const sequence = new BatchSequence(alike(16), 8, 1);
  const [first, second, later] = [0, 1, 2].map((step) => sequence.compose(step));
  const exploration = (batch: Batch, presentation = 0) => [
    ...feed(batch, { seed: 1, presentation })[explorationName("first", 2)]!,
  ];
  const all = [exploration(first!), exploration(first!, 1), exploration(second!), exploration(later!)];
  expect(new Set(all.map((values) => values.join())).size).toBe(4);
  expect(exploration(first!)).toEqual(all[0]);
  expect(all.flat().every((value) => Math.abs(value) === 1)).toBe(true);
});

test("steps that are handed over together see the noise that they see one by one", async () => {
  const trials = alike(24);
  const learned = async (together: boolean) => {
    const learner = await createLearner(
      parseRun(
        {
          circuit: noisyCircuit("sum"),
          task: digits(),
          rule: { kind: "bp" },
          optimiser: { kind: "sgd", rate: 0.1 },
          batch: 8,
          seed: 3,
          device: "cpu",
        },
        builtIn,
      ),
      builtIn,
    );
    onTestFinished(() => learner.dispose());
    const sequence = new BatchSequence(trials, 8, 3);
    const batches = [0, 1, 2].map((step) => sequence.compose(step));
    if (together) await learner.train(batches, 0);
    else for (const [step, batch] of batches.entries()) await learner.train([batch], step);
    return learner.readState();
  };
  expect(await learned(true)).toEqual(await learned(false));
});

test.each(["sum", "random"] as const)(
  "the error of a circuit that noise decides spreads over seeds as that of so many trials (%s)",
  async (module) => {
    const count = 256;
    const errors: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const wrongs: number[] = [];
      for (const batch of seed === 1 ? [8, 32] : [32]) {
        const learner = await createLearner(
          parseRun(
            {
              circuit: noisyCircuit(module),
              task: digits(),
              rule: { kind: "bp" },
              optimiser: { kind: "sgd", rate: 0.1 },
              batch,
              seed,
              device: "cpu",
            },
            builtIn,
          ),
          builtIn,
        );
        onTestFinished(() => learner.dispose());
        const { wrong } = await learner.evaluate(sequentialBatches(alike(count), { batch }));
        wrongs.push(wrong!);
      }
      expect(new Set(wrongs).size).toBe(1);
      errors.push(wrongs[0]! / count);
    }
    // Bounds of chi with 11 degrees of freedom at 1e-4: 0.33 and 1.9.
    const expected = Math.sqrt(0.25 / count);
    expect(standardDeviation(errors)).toBeGreaterThan(0.33 * expected);
    expect(standardDeviation(errors)).toBeLessThan(1.9 * expected);
  },
);
