import { buildNetwork, buildOptimiser } from "../../src/built-in.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import type { Executor, Feeds } from "../../src/compute/executor.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";

const [classes, batch] = [4, 6];
const image = { height: 6, width: 4, channels: 1 };
const sized = { image, classes, sign: "excitatory" as const };

/** Small circuits of the kinds that rules are for. */
export const smallCircuits = {
  /** Vector units 24-8-6-1 of dimension 4. */
  dense: gevbCircuit({ ...sized, arch: "dense", units: "vector", hidden: [8, 6] }),
  /** Vector maps, pooled twice. */
  conv: gevbCircuit({ ...sized, image: { ...image, height: 4 }, arch: "conv", units: "vector", hidden: [4, 2, 4] }),
  /** Scalar units, each position with weights of its own. */
  local: gevbCircuit({
    ...sized,
    image: { ...image, height: 4 },
    arch: "local",
    units: "conventional",
    hidden: [2, 2, 4],
  }),
};

/** Everything that a short training leaves: every resident, and the loss of every sample at every step. */
export interface Trained {
  readonly residents: ReadonlyMap<string, Float32Array>;
  readonly losses: readonly (readonly number[])[];
}

/** Trains a circuit for 4 classes on random stimuli, by default with Adam, some steps in each call. */
export async function trainSmall(
  executor: Executor,
  rule: LearningRule,
  {
    circuit = smallCircuits.dense,
    settings = adam({ rate: 0.01 }),
    seed = 1,
    steps = 20,
    stepsPerCall = 1,
  }: {
    circuit?: CircuitDescription;
    settings?: Part;
    seed?: number;
    steps?: number;
    stepsPerCall?: number;
  } = {},
): Promise<Trained> {
  const network = buildNetwork(circuit);
  const optimiser = buildOptimiser(settings);
  const program = learningProgram({ network, rule, optimiser, batch });
  const session = await executor.load(program);
  try {
    for (const [name, values] of startValues(network, rule, seed)) await session.write(name, values);
    const { inputs } = program.plans.train!;
    const asked = (given: Feeds) => Object.fromEntries(Object.entries(given).filter(([name]) => inputs.has(name)));
    const feeds = Array.from(
      { length: steps },
      (_, step): Feeds => ({
        ...batchOf(network, seed, step),
        ...asked(noiseOf(network, seed, step)),
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
function batchOf({ inputs }: Network, seed: number, step: number): Feeds {
  const { name, units } = inputs[0]!;
  const random = randomStream(seed, `batches/${step}`);
  return {
    [stimuliName(name)]: Float32Array.from({ length: batch * units }, () => random.normal()),
    labels: Float32Array.from({ length: batch }, () => random.integer(0, classes - 1)),
    weights: Float32Array.from({ length: batch }, (_, sample) => (sample < batch - 1 ? 1 / (batch - 1) : 0)),
  };
}

function noiseOf({ populations }: Network, seed: number, step: number): Feeds {
  return Object.fromEntries(
    populations.map(({ name, dimension, units }) => [
      explorationName(name, 0),
      randomStream(seed, `noise/${step}/${name}`).signs(batch * dimension * units),
    ]),
  );
}
