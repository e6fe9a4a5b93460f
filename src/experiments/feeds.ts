import { choiceName, readoutsByTarget } from "../circuits/decision.ts";
import { type Network, stimuliName } from "../circuits/network.ts";
import type { Feeds } from "../compute/executor.ts";
import type { Plan } from "../compute/plan.ts";
import { randomStream } from "../compute/random.ts";
import { labelsName } from "../plasticity/objectives/classification.ts";
import { explorationName } from "../plasticity/plastic-circuit.ts";
import { continuesName, fluctuationName } from "../plasticity/presentation.ts";
import type { Batch } from "../tasks/trials.ts";

/** A moment of a run, at which a batch is shown. */
export interface Moment {
  /** Names the random streams of the moment: "step-7". */
  readonly stream: string;
  /** Seed of the run. */
  readonly seed: number;
  /** Whether the batch was shown just before. */
  readonly continues: boolean;
}

/**
 * What a plan takes of a batch, its noise included. Noise is a function of seed and moment, so that a run can be resumed.
 */
export function feedsOf(plan: Plan, network: Network, batch: Batch, moment: Moment): Feeds {
  const feeds: Record<string, Float32Array> = {};
  const feed = (name: string, values: () => Float32Array) => {
    if (plan.inputs.has(name)) feeds[name] = values();
  };
  for (const [index, { name, steps }] of network.inputs.entries()) {
    const shown = batch.stimuli[index] ?? [];
    for (let step = 0; step < steps; step++) {
      const values = shown[step] ?? shown[0]!;
      feed(stimuliName(name, steps === 1 ? undefined : step), () => values);
    }
  }
  for (const [target, labels] of batch.labels.entries()) feed(labelsName(target), () => labels);
  for (const [name, values] of Object.entries(batch.context)) feed(name, () => values);
  feed("weights", () => batch.weights);
  const samples = batch.weights.length;
  feed(continuesName, () => new Float32Array(samples).fill(moment.continues ? 1 : 0));
  const random = (name: string) => randomStream(moment.seed, `noise/${moment.stream}/${name}`);
  for (const { name, dimension, units } of network.populations)
    for (let step = 0; step < network.steps; step++) {
      const size = samples * dimension * units;
      const exploration = explorationName(name, step);
      feed(exploration, () => random(exploration).signs(size));
      const fluctuation = fluctuationName(name, step);
      feed(fluctuation, () => {
        const stream = random(fluctuation);
        return Float32Array.from({ length: size }, () => stream.normal());
      });
    }
  feedChoices(network, samples, random("choice"), feed);
  return feeds;
}

/** Chooses a readout for each sample and target, where the plan asks for it. */
function feedChoices(
  { readouts, description: { decision } }: Network,
  samples: number,
  random: ReturnType<typeof randomStream>,
  feed: (name: string, values: () => Float32Array) => void,
): void {
  for (const among of readoutsByTarget(readouts, decision)) {
    let chosen: number[] | undefined;
    for (const [index, { name }] of among.entries())
      feed(choiceName(name), () => {
        chosen ??= Array.from({ length: samples }, () => random.integer(0, among.length - 1));
        return Float32Array.from(chosen, (each) => (each === index ? 1 : 0));
      });
  }
}
