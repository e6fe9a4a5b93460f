import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { gevbCircuit } from "../../src/experiments/gevb-circuit.ts";
import { createLearner } from "../../src/experiments/learner.ts";
import { parseRun } from "../../src/experiments/run-description.ts";
import { adam, gevb } from "../../src/plasticity/descriptions.ts";
import { digits } from "../../src/tasks/task.ts";

const [batch, pixels] = [4, 6];
const description = parseRun({
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
});
const stimuliOf = (value: (index: number) => number) => ({
  stimuli: Float32Array.from({ length: batch * pixels }, (_, index) => value(index)),
  labels: Float32Array.of(0, 1, 2, 0),
  weights: new Float32Array(batch).fill(1 / batch),
  count: batch,
});

test("a stimulus that is no number is refused by its place, and no weight has changed", async () => {
  const learner = await createLearner(description);
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

test("rates of samples do not depend on how they are divided into batches, and padding leaves none", async () => {
  const learner = await createLearner(description);
  onTestFinished(() => learner.dispose());
  const whole = stimuliOf(Math.sin);
  const part = (from: number, count: number) => {
    const stimuli = new Float32Array(batch * pixels);
    stimuli.set(whole.stimuli.subarray(from * pixels, (from + count) * pixels));
    return { ...whole, stimuli, count };
  };
  const together = await learner.represent([whole]);
  expect(together.shape).toEqual([batch, 3 * 4]);
  expect(new Set(Array.from(together.data)).size).toBeGreaterThan(4);
  expect(await learner.represent([part(0, 3), part(3, 1)])).toEqual(together);
  expect(await learner.represent([part(0, 1), part(1, 2), part(3, 1)])).toEqual(together);
});
