import { buildNetwork } from "../../src/circuits/network.ts";
import type { Executor, Feeds } from "../../src/compute/executor.ts";
import { randomStream } from "../../src/compute/random.ts";
import { gevbCircuit } from "../../src/experiments/gevb-circuit.ts";
import { adam } from "../../src/plasticity/descriptions.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { buildOptimiser } from "../../src/plasticity/optimisers/registry.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";

const [pixels, classes, batch] = [12, 4, 6];

/** Everything that a short training leaves: every resident, and the loss of every sample at every step. */
export interface Trained {
  readonly residents: ReadonlyMap<string, Float32Array>;
  readonly losses: readonly (readonly number[])[];
}

/** Trains a vector circuit 12-8-6-1 of dimension 4 with Adam on random stimuli, some steps in each call. */
export async function trainSmall(
  executor: Executor,
  rule: LearningRule,
  { seed = 1, steps = 20, stepsPerCall = 1, sign = "excitatory" as "excitatory" | "mixed" } = {},
): Promise<Trained> {
  const network = buildNetwork(
    gevbCircuit({ image: { height: 1, width: pixels, channels: 1 }, hidden: [8, 6], classes, sign }),
  );
  const optimiser = buildOptimiser(adam({ rate: 0.01 }));
  const program = learningProgram({ network, rule, optimiser, batch });
  const session = await executor.load(program);
  try {
    for (const [name, values] of network.initialise(seed)) await session.write(name, values);
    const feeds = Array.from(
      { length: steps },
      (_, step): Feeds => ({
        ...stimuliOf(seed, step),
        schedule: optimiser.schedule(step + 1),
      }),
    );
    const losses: number[][] = [];
    for (let step = 0; step < steps; step += stepsPerCall)
      for (const { loss } of await session.run("train", feeds.slice(step, step + stepsPerCall)))
        losses.push([...loss!]);
    const residents = new Map<string, Float32Array>();
    for (const name of Object.keys(program.residents)) residents.set(name, await session.read(name));
    return { residents, losses };
  } finally {
    await session.dispose();
  }
}

/** A batch whose last sample is padding. */
function stimuliOf(seed: number, step: number): { stimuli: Float32Array; labels: Float32Array; weights: Float32Array } {
  const random = randomStream(seed, `batches/${step}`);
  return {
    stimuli: Float32Array.from({ length: batch * pixels }, () => random.normal()),
    labels: Float32Array.from({ length: batch }, () => random.integer(0, classes - 1)),
    weights: Float32Array.from({ length: batch }, (_, sample) => (sample < batch - 1 ? 1 / (batch - 1) : 0)),
  };
}
