import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { buildObjective } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { oneToOne } from "../../src/circuits/topologies/one-to-one.ts";
import { randomStream } from "../../src/compute/random.ts";
import { builtIn } from "../../src/library.ts";
import { attendedObject } from "../../src/plasticity/objectives/attended-object.ts";
import { errorMetric } from "../../src/plasticity/objectives/metric.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import type { Batch } from "../../src/tasks/trials.ts";
import { createLearner } from "../../src/training/learner.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { meansOf } from "../../src/training/tally.ts";
import { expectClose } from "../arbitraries/circuit-close.ts";

const [units, objects, classes, batch] = [4, 3, 2, 5];

/** A circuit that shows a scene and names a class; nothing is attended to, so that what is chosen hangs on the scene. */
const plain = circuit("one-object", (c) => {
  const scene = c.input("scene", { units });
  const gated = c.population("gated-1", { units, bias: "none" });
  const report = c.population("report", { units: classes });
  c.project(scene, gated, { topology: oneToOne() });
  c.project(gated, report);
});

async function open(optimiser: Record<string, unknown>, presentations = 1) {
  const learner = await createLearner(
    parseRun(
      {
        circuit: plain,
        task: digits(),
        objective: { kind: "attended-object", objects },
        rule: { kind: "bp" },
        optimiser,
        batch,
        device: "cpu",
      },
      builtIn,
    ),
    builtIn,
    { presentations },
  );
  onTestFinished(() => learner.dispose());
  return learner;
}

/** Scenes with as many objects as are said, in a batch whose rest is padding. */
function scenes(counts: readonly number[], seed = 1): Batch {
  const filled = {
    stimuli: [[new Float32Array(batch * units)]],
    targets: [],
    weights: new Float32Array(batch).fill(1 / counts.length, 0, counts.length),
    context: {
      objects: new Float32Array(batch * objects * units),
      objectLabels: new Float32Array(batch * objects),
      objectWeights: new Float32Array(batch * objects).fill(1),
      present: new Float32Array(batch * objects),
    },
    factors: {},
    count: counts.length,
    trials: Uint32Array.from({ length: batch }, (_, sample) => sample),
    round: `scenes ${seed}`,
  };
  for (const [sample, count] of counts.entries()) {
    const random = randomStream(seed, `scene ${sample}`);
    for (let unit = 0; unit < units; unit++) filled.stimuli[0]![0]![sample * units + unit] = random.uniform();
    for (let object = 0; object < count; object++) {
      const place = sample * objects + object;
      filled.context.present[place] = 1;
      filled.context.objectLabels[place] = random.integer(0, classes - 1);
      for (let unit = 0; unit < units; unit++) filled.context.objects[place * units + unit] = random.uniform();
    }
  }
  return filled;
}

const counts = fc.array(fc.integer({ min: 0, max: objects }), { minLength: 1, maxLength: batch });
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

test("what is asked is counted once for every object, however often scenes are shown, and so is what is wrong", async () => {
  const learners = await Promise.all([0, 1, 3].map((more) => open({ kind: "sgd", rate: 0.1 }, objects + more)));
  await fc.assert(
    fc.asyncProperty(counts, fc.constantFrom(...learners), async (drawn, learner) => {
      const state = await learner.readState();
      const name = async (named: number) => {
        for (const { data } of Object.values(state)) data.fill(0);
        state["report/bias"]!.data[named] = 5;
        await learner.writeState(state);
        const shown = scenes(drawn);
        shown.context.objectLabels!.fill(0);
        return learner.evaluate([shown]);
      };
      const asked = sumOf(drawn);
      expect(await name(0)).toMatchObject({ asked, wrong: 0 });
      const wrong = await name(1);
      expect(wrong).toMatchObject({ asked, wrong: asked });
      expect(meansOf(wrong, { error: errorMetric }).metrics.error).toBe(asked === 0 ? null : 1);
    }),
    { numRuns: 12 },
  );
});

test("a step of learning is the one that the samples alone would make of which something is asked", async () => {
  const [some, alone] = [await open({ kind: "sgd", rate: 0.1 }), await open({ kind: "sgd", rate: 0.1 })];
  const initial = await some.readState();
  await fc.assert(
    fc.asyncProperty(counts, fc.nat(99), async (drawn, seed) => {
      // Those without an object come last, so that the others are the same samples in both batches.
      const ordered = drawn.toSorted((a, b) => b - a);
      const asked = ordered.filter((count) => count > 0);
      fc.pre(asked.length > 0);
      await some.writeState(initial);
      await alone.writeState(initial);
      const tally = await some.train([scenes(ordered, seed)], 0);
      const expected = await alone.train([scenes(asked, seed)], 0);
      expect(tally.asked).toBe(asked.length);
      expect(tally.loss).toBeCloseTo(expected.loss, 4);
      expect(tally.wrong).toBe(expected.wrong);
      const wanted = await alone.readState();
      for (const [name, { data }] of Object.entries(await some.readState()))
        if (!name.startsWith("objects/")) expectClose(data, wanted[name]!.data, name, 1e-5);
    }),
    { numRuns: 30 },
  );
});

test.each([
  { kind: "momentum", rate: 0.1 },
  { kind: "adam", rate: 0.01 },
  { kind: "adamw", rate: 0.01, decay: 0.5 },
])("where nothing is asked of a batch the optimiser makes no step (%o)", async (optimiser) => {
  // Two objects at most, shown four times: half of the presentations ask nothing.
  const [learner, short] = [await open(optimiser, 4), await open(optimiser, 2)];
  const batches = [1, 2, 3].map((seed) => scenes([2, 1, 0, 2], seed));
  const often = batches.flatMap((each) => [each, each, each, each]);
  const twice = batches.flatMap((each) => [each, each]);
  const idle = await learner.train(often.slice(0, 2), 0);
  expect(idle.asked).toBe(5);
  const before = await learner.readState();
  expect(await learner.train(often.slice(2, 4), 2)).toEqual({ count: 0, asked: 0, loss: 0, wrong: 0 });
  const after = await learner.readState();
  expect({ ...after, "objects/taken": undefined }).toEqual({ ...before, "objects/taken": undefined });
  // In one call or several, and however many presentations asked nothing: the same steps.
  const rest = await learner.train(often.slice(4), 4);
  const expected = await short.train(twice, 0);
  expect(rest.asked + idle.asked).toBe(expected.asked);
  const wanted = await short.readState();
  for (const [name, { data }] of Object.entries(await learner.readState()))
    if (name !== "objects/taken") expect([name, data]).toEqual([name, wanted[name]!.data]);
});

test("a batch is idle just where no sample is asked", async () => {
  const learner = await open({ kind: "sgd", rate: 0.1 }, objects + 2);
  const objective = buildObjective(attendedObject({ objects }));
  await fc.assert(
    fc.asyncProperty(counts, async (drawn) => {
      const shown = scenes(drawn);
      for (let presentation = 0; presentation < objects + 2; presentation++) {
        const { asked } = await learner.look(shown, presentation);
        const some = asked!.subarray(0, shown.count).some((each) => each > 0);
        expect(objective.idle!(shown, presentation, learner.network)).toBe(!some);
      }
    }),
    { numRuns: 20 },
  );
});

test("means of nothing are undefined", () => {
  const metrics = { error: errorMetric };
  expect(meansOf({ count: 0, asked: 0, loss: 0, wrong: 0 }, metrics)).toEqual({ loss: null, metrics: { error: null } });
  expect(meansOf({ count: 4, asked: 4, loss: 2, wrong: 1 }, metrics)).toEqual({ loss: 0.5, metrics: { error: 0.25 } });
});
