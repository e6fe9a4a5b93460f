import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { circuit } from "../../src/circuits/circuit.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { builtIn } from "../../src/library.ts";
import { scoresName, wrongName } from "../../src/plasticity/objectives/classification.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { dfa } from "../../src/plasticity/rules/dfa.ts";
import { fa } from "../../src/plasticity/rules/fa.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import { nodePerturbation } from "../../src/plasticity/rules/node-perturbation.ts";
import { threeFactor } from "../../src/plasticity/rules/three-factor.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import type { Batch } from "../../src/tasks/trials.ts";
import { createLearner } from "../../src/training/learner.ts";
import { parseRun } from "../../src/training/run-description.ts";

const [batch, pixels] = [4, 6];
const description = parseRun(
  {
    circuit: gevbCircuit({
      image: { height: 1, width: pixels, channels: 1 },
      hidden: [4],
      classes: 3,
      sign: "excitatory",
    }),
    task: digits(),
    rule: gevb(),
    optimiser: adam({ rate: 0.01 }),
    batch,
    device: "cpu",
  },
  builtIn,
);
const batchOf = (stimuli: Float32Array, labels: readonly number[], count = batch, round = "given"): Batch => ({
  stimuli: [[stimuli]],
  targets: [{ values: [Float32Array.from(labels)] }],
  weights: new Float32Array(batch).fill(1 / batch),
  context: {},
  factors: {},
  count,
  trials: Uint32Array.from({ length: batch }, (_, sample) => sample),
  round,
});
const valuesOf = (value: (index: number) => number, length = batch * pixels) =>
  Float32Array.from({ length }, (_, index) => value(index));
const stimuliOf = (value: (index: number) => number) => batchOf(valuesOf(value), [0, 1, 2, 0]);

/** Maps of vector units, or scalar ones for the rules that ask for those. */
const mapsFor = (units: "vector" | "conventional") =>
  gevbCircuit({
    image: { height: 4, width: 4, channels: 1 },
    arch: "conv",
    units,
    hidden: [2, 2, 4],
    classes: 4,
    sign: "excitatory",
  });

test.each([
  [nodePerturbation(), "vector"],
  [threeFactor(), "vector"],
  [fa(), "conventional"],
  [dfa(), "conventional"],
] as const)("a learner that takes over another's state learns on to the same bits (%o)", async (rule, units) => {
  const steps = [0, 1, 2, 3, 4].map((step) =>
    batchOf(
      valuesOf((index) => Math.sin(31 * step + index), batch * 16),
      [0, 1, 2, step % 3],
      batch,
      `step ${step}`,
    ),
  );
  // A seed with which units stay on for the batch to align with: where all are off, alignment cannot tell states apart.
  const open = async (seed = 6) => {
    const learner = await createLearner({ ...description, circuit: mapsFor(units), rule, seed }, builtIn);
    onTestFinished(() => learner.dispose());
    return learner;
  };
  const [whole, again, first, second, other] = [await open(), await open(), await open(), await open(), await open(7)];
  await whole.train(steps, 0);
  const wanted = await whole.readState();
  await again.train(steps, 0);
  expect(await again.readState()).toEqual(wanted);
  await first.train(steps.slice(0, 2), 0);
  await second.writeState(await first.readState());
  const alignment = await first.align(steps[0]!);
  await second.train(steps.slice(2), 2);
  expect(await second.readState()).toEqual(wanted);
  // Watching changes nothing, and depends on the state alone.
  await first.train(steps.slice(2), 2);
  expect(await first.readState()).toEqual(wanted);
  await second.writeState(wanted);
  expect(await second.align(steps[0]!)).not.toEqual(alignment);
  await other.train(steps, 0);
  expect(await other.readState()).not.toEqual(wanted);
});

test("a stimulus that is no number is refused by its place, and no weight has changed", async () => {
  const learner = await createLearner(description, builtIn);
  onTestFinished(() => learner.dispose());
  await learner.train([stimuliOf(Math.sin)], 0);
  const before = await learner.readState();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(batch * pixels - 1),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      async (place, value) => {
        const broken = stimuliOf((index) => (index === place ? value : 0.5));
        const words = (name: string) => `Stimuli ${name}: value ${place} is ${value}, expected finite numbers`;
        await expect(learner.train([stimuliOf(Math.cos), broken], 1)).rejects.toThrow(words("of training step 3"));
        await expect(learner.evaluate([broken])).rejects.toThrow(words("of the evaluation"));
        await expect(learner.align(broken)).rejects.toThrow(words("to align with"));
        await expect(learner.represent([broken])).rejects.toThrow(words("to represent"));
      },
    ),
    { numRuns: 20 },
  );
  expect(await learner.readState()).toEqual(before);
});

test("a label that is no class is refused as the plan says it", async () => {
  const learner = await createLearner(description, builtIn);
  onTestFinished(() => learner.dispose());
  const wrong = batchOf(valuesOf(Math.sin), [0, 1, 3, 0]);
  await expect(learner.train([wrong], 0)).rejects.toThrow(
    'plan "train", input "labels": value 2 is 3, expected whole numbers from 0 to 2',
  );
});

test("an evaluation of several targets says of each whether it was named wrongly", async () => {
  const classes = 3;
  const two = circuit("two-reports", (c) => {
    const scene = c.input("scene", { units: pixels });
    for (const name of ["first", "second"]) {
      const report = c.population(name, { units: classes });
      c.project(scene, report);
      c.readout(report);
    }
    c.decision({ module: "each" });
  });
  const learner = await createLearner({ ...description, circuit: two, rule: bp() }, builtIn);
  onTestFinished(() => learner.dispose());
  const labels = fc.array(fc.nat(classes - 1), { minLength: batch, maxLength: batch });
  await fc.assert(
    fc.asyncProperty(labels, labels, fc.integer(), async (first, second, phase) => {
      const given = [first, second].map((each) => Float32Array.from(each));
      const shown = {
        ...batchOf(
          valuesOf((index) => Math.sin(phase + index)),
          [],
        ),
        targets: given.map((labels) => ({ values: [labels] })),
      };
      const results = await learner.look(shown, 0);
      for (let sample = 0; sample < batch; sample++) {
        const wrong = given.map((each, target) => {
          const row = results[scoresName(target)]!.subarray(sample * classes, (sample + 1) * classes);
          return row.indexOf(Math.max(...row)) === each[sample] ? 0 : 1;
        });
        expect(wrong).toEqual([0, 1].map((target) => results[wrongName(target)]![sample]));
        expect(results.wrong![sample]).toBeCloseTo((wrong[0]! + wrong[1]!) / 2, 6);
      }
    }),
    { numRuns: 40 },
  );
});

test("rates of samples do not depend on how they are divided into batches, and padding leaves none", async () => {
  const learner = await createLearner(description, builtIn);
  onTestFinished(() => learner.dispose());
  const whole = stimuliOf(Math.sin);
  const part = (from: number, count: number) => {
    const stimuli = new Float32Array(batch * pixels);
    stimuli.set(valuesOf(Math.sin).subarray(from * pixels, (from + count) * pixels));
    return batchOf(stimuli, [0, 1, 2, 0], count);
  };
  const together = await learner.represent([whole]);
  expect(together.shape).toEqual([batch, 3 * 4]);
  expect(new Set(Array.from(together.data)).size).toBeGreaterThan(4);
  expect(await learner.represent([part(0, 3), part(3, 1)])).toEqual(together);
  expect(await learner.represent([part(0, 1), part(1, 2), part(3, 1)])).toEqual(together);
});

test("a circuit that is frozen altogether trains without a change", async () => {
  const frozen = circuit("frozen", (c) => {
    const input = c.input("input", { units: pixels });
    const report = c.population("report", { units: 3, frozen: true });
    c.project(input, report, { frozen: true });
  });
  const learner = await createLearner(parseRun({ ...description, circuit: frozen, rule: bp() }, builtIn), builtIn);
  onTestFinished(() => learner.dispose());
  const before = await learner.readState();
  const shown = stimuliOf((index) => Math.sin(index));
  const tally = await learner.train([shown, shown], 0);
  expect(tally.loss).toBeGreaterThan(0);
  expect(await learner.readState()).toEqual({ ...before, "optimiser/steps": { shape: [1], data: Float32Array.of(2) } });
});

test("what a checkpoint belongs to is read with the defaults of settings that kinds have got since", async () => {
  const leaky = circuit("leaky", (c) => {
    const cells = c.population("cells", { units: 4, gain: "leaky-relu" });
    c.project(c.input("input", { units: pixels }), cells);
    c.project(cells, c.population("report", { units: 3 }));
  });
  const learner = await createLearner(parseRun({ ...description, circuit: leaky, rule: bp() }, builtIn), builtIn);
  onTestFinished(() => learner.dispose());
  const { identity } = learner;
  const before = identity.replace('{"kind":"leaky-relu","slope":0.05}', '"leaky-relu"');
  expect(before).not.toBe(identity);
  expect(learner.readIdentity(before)).toBe(identity);
  expect(learner.readIdentity(identity)).toBe(identity);
  const other = identity.replace('"slope":0.05', '"slope":0.1');
  expect(learner.readIdentity(other)).toBe(other);
  for (const odd of ["", "{}", "[1]", '{"circuit":3}']) expect(learner.readIdentity(odd)).toBe(odd);
});
