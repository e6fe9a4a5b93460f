import { choiceName } from "../circuits/decision.ts";
import { type Network, stimuliName } from "../circuits/network.ts";
import type { Feeds } from "../compute/executor.ts";
import { openNoiseSources } from "../compute/noise-source.ts";
import type { Plan } from "../compute/plan.ts";
import { type RandomStream, randomStream } from "../compute/random.ts";
import { type RandomState, randomState } from "../compute/random-state.ts";
import { labelsName, targetWeightsName, valuesName } from "../plasticity/objectives/target-inputs.ts";
import { explorationName } from "../plasticity/plastic-circuit.ts";
import { continuesName, fluctuationName } from "../plasticity/presentation.ts";
import type { Batch } from "../tasks/trials.ts";

/** A moment of a run, at which a batch is shown. */
interface Moment {
  /** Seed of the run. */
  readonly seed: number;
  /** How often the batch was shown just before; absent: never. */
  readonly presentation?: number;
  /** Whether the values are to outlive the feeder's next call; default false. */
  readonly kept?: boolean;
}

/**
 * What a plan takes of a batch that is shown at a moment, its noise included.
 *
 * Noise is a function of the seed, the trial, the round in which it is shown, and the presentation: a run can be
 * resumed, and what a trial gives does not depend on the others of its batch. Exploration, which exists where a circuit
 * learns, is drawn for the batch at once.
 *
 * The circuit's own noise lies where the next call draws over it, unless it is asked to keep it.
 */
export type Feeder = (batch: Batch, moment: Moment) => Feeds;

/** Writes some of a plan's inputs. */
type Filler = (feeds: Record<string, Float32Array>, shown: Shown) => void;

interface Shown {
  readonly batch: Batch;
  readonly presentation: number;
  readonly kept: boolean;
  /** The state from which all samples draw for some purpose, each by the number of its trial. */
  key(purpose: string): RandomState;
  /** The stream of a sample's trial for some purpose. */
  random(sample: number, purpose: string): RandomStream;
}

/**
 * The feeder of a plan; which inputs the plan has is looked up here, once.
 *
 * @throws DeviceError where the machine has no memory for the noise of a batch
 */
export async function feederOf(plan: Plan, network: Network): Promise<Feeder> {
  const has = (name: string) => plan.inputs.has(name);
  const fillers = [
    ...stimulusFillers(network, has),
    ...targetFillers(network, has),
    ...explorationFillers(network, has),
    ...(await fluctuationFillers(network, plan)),
    ...choiceFillers(network, has),
  ];
  return (batch, { seed, presentation = 0, kept = false }) => {
    const feeds: Record<string, Float32Array> = {};
    for (const [name, values] of Object.entries(batch.context)) if (has(name)) feeds[name] = values;
    const random = (sample: number, purpose: string) =>
      randomStream(seed, `noise/${batch.round}/${batch.trials[sample]}/${presentation}/${purpose}`);
    const key = (purpose: string) => randomState(seed, `noise/${batch.round}/${presentation}/${purpose}`);
    const shown = { batch, presentation, kept, random, key };
    for (const fill of fillers) fill(feeds, shown);
    return feeds;
  };
}

type Has = (name: string) => boolean;

function stimulusFillers({ inputs }: Network, has: Has): Filler[] {
  return inputs.flatMap(({ name, steps }, stream) =>
    Array.from({ length: steps }, (_, step) => ({ input: stimuliName(name, steps === 1 ? undefined : step), step }))
      .filter(({ input }) => has(input))
      .map(({ input, step }): Filler => {
        return (feeds, { batch }) => {
          const shown = batch.stimuli[stream];
          const values = shown?.[step] ?? shown?.[0];
          if (values !== undefined) feeds[input] = values;
        };
      }),
  );
}

function targetFillers({ reports, steps }: Network, has: Has): Filler[] {
  const names = [labelsName, valuesName, targetWeightsName];
  const moments = [undefined, ...Array.from({ length: steps }, (_, step) => step)];
  const fillers = reports.flatMap(({ index }) =>
    names.flatMap((nameOf) =>
      moments
        .map((step) => ({ name: nameOf(index, step), step: step ?? 0 }))
        .filter(({ name }) => has(name))
        .map(({ name, step }): Filler => {
          return (feeds, { batch }) => {
            const target = batch.targets[index];
            const given = (nameOf === targetWeightsName ? target?.weights : target?.values)?.[step];
            if (given !== undefined) feeds[name] = given;
          };
        }),
    ),
  );
  const weights: Filler = (feeds, { batch }) => {
    feeds.weights = batch.weights;
  };
  const continues: Filler = (feeds, { batch, presentation }) => {
    feeds[continuesName] = new Float32Array(batch.weights.length).fill(presentation > 0 ? 1 : 0);
  };
  return [...fillers, has("weights") && weights, has(continuesName) && continues].filter((each) => !!each);
}

function explorationFillers({ populations, steps }: Network, has: Has): Filler[] {
  return populations.flatMap(({ name, dimension, units }) =>
    Array.from({ length: steps }, (_, step) => explorationName(name, step))
      .filter(has)
      .map((input): Filler => {
        return (feeds, { batch, random }) => {
          feeds[input] = random(0, input).signs(batch.weights.length * dimension * units);
        };
      }),
  );
}

/** Noise of each population over all time steps, drawn for the whole batch at once; none for padding. */
async function fluctuationFillers({ populations, steps }: Network, { inputs, shapes }: Plan): Promise<Filler[]> {
  const noisy = populations.flatMap(({ name, dimension, units, noise: deviation }) => {
    const names = Array.from({ length: steps }, (_, step) => fluctuationName(name, step));
    const id = names.map((input) => inputs.get(input)).find((each) => each !== undefined);
    if (id === undefined) return [];
    return [{ name, inputs: names, noise: { steps, samples: shapes[id]![0]!, width: dimension * units, deviation } }];
  });
  if (noisy.length === 0) return [];
  const sources = await openNoiseSources(noisy.map(({ noise }) => noise));
  return noisy.map(({ name, inputs: names }, index): Filler => {
    const source = sources[index]!;
    return (feeds, { batch, kept, key }) => {
      source.draw(key(`fluctuation/${name}`), batch.trials.subarray(0, batch.count));
      for (const [step, input] of names.entries()) {
        const values = source.steps[step]!;
        if (inputs.has(input)) feeds[input] = kept ? values.slice() : values;
      }
    };
  });
}

/** Chooses a readout for each sample and target, where the plan asks for it. */
function choiceFillers({ reports }: Network, has: Has): Filler[] {
  return reports.flatMap(({ index: target, readouts: among }): Filler[] => {
    const inputs = among.map(({ name }) => choiceName(name));
    if (!inputs.some(has)) return [];
    return [
      (feeds, { batch, random }) => {
        const chosen = inputs.map(() => new Float32Array(batch.weights.length));
        for (let sample = 0; sample < batch.count; sample++)
          chosen[random(sample, target === 0 ? "choice" : `choice/${target}`).integer(0, inputs.length - 1)]![sample] =
            1;
        for (const [index, input] of inputs.entries()) if (has(input)) feeds[input] = chosen[index]!;
      },
    ];
  });
}
