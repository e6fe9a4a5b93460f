import type { Matrix } from "../analysis/matrix.ts";
import { buildNetwork, type Network } from "../circuits/network.ts";
import { openDevice } from "../compute/devices.ts";
import type { Executor, Feeds, Results, Session } from "../compute/executor.ts";
import { randomStream } from "../compute/random.ts";
import type { Shape } from "../compute/shape.ts";
import { type Alignment, readAlignment } from "../plasticity/alignment.ts";
import { learningProgram, startValues } from "../plasticity/learning-program.ts";
import type { OptimiserSettings } from "../plasticity/optimisers/optimiser.ts";
import { buildOptimiser } from "../plasticity/optimisers/registry.ts";
import { noiseName } from "../plasticity/plastic-circuit.ts";
import { buildRule } from "../plasticity/rules/registry.ts";
import type { Batch } from "../tasks/batches.ts";
import { checkStimuli } from "../tasks/stimuli.ts";
import type { RunDescription } from "./run-description.ts";

/** Sums over the samples of some batches. */
export interface Tally {
  count: number;
  /** Sum of the losses, nats. */
  loss: number;
  /** Number of wrong decisions. */
  wrong: number;
}

/** A network on a device with its rule and optimiser: what remains of a run description without task and record. */
export interface Learner {
  readonly network: Network;
  readonly executor: Executor;
  /** Shapes of everything that makes up its state. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Circuit, rule and optimiser as canonical JSON. */
  readonly identity: string;
  /**
   * Trains on batches in order; `step` counts the steps done before them. This, `evaluate`, `align` and `represent` throw
   * a DataError where a stimulus is not a finite number, and then change nothing.
   */
  train(batches: readonly Batch[], step: number): Promise<Tally>;
  evaluate(batches: Iterable<Batch>): Promise<Tally>;
  /** Alignment of the rule's updates with the gradient, by projection, for one batch. */
  align(batch: Batch): Promise<Record<string, Alignment>>;
  /**
   * Rates of the network's last hidden population, [samples, dimension * units], padding left out. The network must have
   * one, see `lastHiddenPopulation`.
   */
  represent(batches: Iterable<Batch>): Promise<Matrix>;
  readState(): Promise<Record<string, { shape: number[]; data: Float32Array }>>;
  writeState(arrays: Readonly<Record<string, { data: Float32Array }>>): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Builds circuit, rule and optimiser and plans their steps, without a device.
 *
 * @throws UsageError, DescriptionError: as their builders do
 */
export function planLearner(description: RunDescription) {
  const network = buildNetwork(description.circuit);
  const rule = buildRule(description.rule);
  const optimiser = buildOptimiser(description.optimiser as OptimiserSettings);
  const program = learningProgram({ network, rule, optimiser, batch: description.batch });
  return { network, rule, optimiser, program };
}

/**
 * Builds circuit, rule and optimiser and loads them on the device, at the values that the seed gives.
 *
 * @throws UsageError, DescriptionError, DeviceError: as their builders do
 */
export async function createLearner(description: RunDescription): Promise<Learner> {
  const { network, rule, optimiser, program } = planLearner(description);
  const executor = await openDevice(description);
  const session = await executor.load(program);
  for (const [name, values] of startValues(network, rule, description.seed)) await session.write(name, values);
  const { circuit, rule: ruleDescription, optimiser: settings } = description;
  const noiseOf = (moment: string): Feeds =>
    rule.noisy ? drawNoise(network, description.batch, description.seed, moment) : {};

  return {
    network,
    executor,
    shapes: program.residents,
    identity: JSON.stringify({ circuit, rule: ruleDescription, optimiser: settings }),
    async train(batches, step) {
      const feeds = batches.map(
        (batch, index): Feeds => ({
          ...feedOf(batch, `of training step ${step + index + 1}`),
          ...noiseOf(`step-${step + index + 1}`),
          schedule: optimiser.schedule(step + index + 1),
        }),
      );
      const results = await session.run("train", feeds);
      return tallyOf(batches.map((batch, index) => ({ count: batch.count, results: results[index]! })));
    },
    evaluate: (batches) => evaluate(session, batches),
    async align(batch) {
      const feeds = { ...feedOf(batch, "to align with"), ...noiseOf("alignment") };
      const [results] = await session.run("align", [feeds]);
      return readAlignment(network, results!);
    },
    represent: (batches) => represent(session, batches),
    async readState() {
      const arrays: Record<string, { shape: number[]; data: Float32Array }> = {};
      for (const [name, shape] of Object.entries(program.residents))
        arrays[name] = { shape: [...shape], data: await session.read(name) };
      return arrays;
    },
    async writeState(arrays) {
      for (const name of Object.keys(program.residents)) await session.write(name, arrays[name]!.data);
    },
    dispose: () => session.dispose(),
  };
}

/** Noise of all populations at one moment of a run: a function of seed and moment, so that a run can be resumed. */
function drawNoise({ populations }: Network, batch: number, seed: number, moment: string): Feeds {
  return Object.fromEntries(
    populations.map(({ name, dimension, units }) => [
      noiseName(name),
      randomStream(seed, `noise/${moment}/${name}`).signs(batch * dimension * units),
    ]),
  );
}

async function evaluate(session: Session, batches: Iterable<Batch>): Promise<Tally> {
  const total: Tally = { count: 0, loss: 0, wrong: 0 };
  for (const batch of batches) {
    const { stimuli, labels } = feedOf(batch, "of the evaluation");
    const [results] = await session.run("evaluate", [{ stimuli, labels }]);
    addTally(total, tallyOf([{ count: batch.count, results: results! }]));
  }
  return total;
}

async function represent(session: Session, batches: Iterable<Batch>): Promise<Matrix> {
  const parts: Float32Array[] = [];
  let samples = 0;
  for (const batch of batches) {
    const { stimuli, labels } = feedOf(batch, "to represent");
    const [results] = await session.run("represent", [{ stimuli }]);
    const rates = results!.rates!;
    parts.push(rates.slice(0, (rates.length / labels.length) * batch.count));
    samples += batch.count;
  }
  const columns = parts.reduce((sum, part) => sum + part.length, 0) / samples;
  const data = new Float32Array(samples * columns);
  let filled = 0;
  for (const part of parts) {
    data.set(part, filled);
    filled += part.length;
  }
  return { shape: [samples, columns], data };
}

/** What the plans take of a batch, once its stimuli are known to be numbers: one NaN would spread to every weight. */
function feedOf({ stimuli, labels, weights }: Batch, name: string) {
  checkStimuli(stimuli, name);
  return { stimuli, labels, weights };
}

export function addTally(total: Tally, part: Readonly<Tally>): void {
  total.count += part.count;
  total.loss += part.loss;
  total.wrong += part.wrong;
}

/** Sums over the real samples of each batch, which come before the padding. */
function tallyOf(parts: readonly { count: number; results: Results }[]): Tally {
  const total: Tally = { count: 0, loss: 0, wrong: 0 };
  for (const { count, results } of parts) {
    total.count += count;
    for (let sample = 0; sample < count; sample++) {
      total.loss += results.loss![sample]!;
      total.wrong += results.wrong![sample]!;
    }
  }
  return total;
}
