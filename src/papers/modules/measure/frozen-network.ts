import type { Matrix } from "../../../analysis/matrix.ts";
import type { Network } from "../../../circuits/network.ts";
import { type Observed, observedName } from "../../../circuits/observation.ts";
import type { Executor } from "../../../compute/executor.ts";
import type { Library } from "../../../kinds/library.ts";
import type { TrialSet } from "../../../tasks/trials.ts";
import { observe } from "../../../training/recording/observe.ts";

/** A trained network that learns no more, and what it takes to look into it. */
export interface FrozenNetwork {
  readonly network: Network;
  readonly executor: Executor;
  readonly library: Library;
  /** Values of everything it keeps, by name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Trials in a batch. */
  readonly batch: number;
  /** Seed of the run, for what is random in trials and analyses. */
  readonly seed: number;
}

/** States of populations and what the trials were made of. */
export interface Recording {
  /** [trials, units] by `observedName`. */
  readonly states: Readonly<Record<string, Matrix>>;
  /** [trials] by the name of the factor. */
  readonly factors: Readonly<Record<string, Float32Array>>;
  readonly count: number;
}

/** Shows trials, evenly spread over a set, to a network without noise and records states. */
export async function record(
  { library, network, executor, parameters, batch, seed }: FrozenNetwork,
  trials: TrialSet,
  observed: readonly Observed[],
  limit = trials.count,
): Promise<Recording> {
  const populations = [...new Set(observed.map(({ population }) => population))];
  const stepsOf = (of: string) => observed.filter(({ population }) => population === of).map(({ step }) => step);
  const recording = await observe(
    network,
    {
      shown: trials,
      probes: populations.map((of) => ({ of, steps: stepsOf(of) })),
      trials: limit,
      parameters: Object.entries(parameters),
      seed,
      noise: false,
      batch,
      device: executor,
    },
    library,
  );
  const { trials: count } = recording;
  const stateAt = ({ population, step }: Observed): Matrix => {
    const { data, steps } = recording.arrays[`${population}/rates`]!;
    const columns = data.length / (count * steps!.length);
    const states = new Float32Array(count * columns);
    for (let trial = 0; trial < count; trial++) {
      const at = (trial * steps!.length + steps!.indexOf(step)) * columns;
      states.set(data.subarray(at, at + columns), trial * columns);
    }
    return { shape: [count, columns], data: states };
  };
  return {
    states: Object.fromEntries(observed.map((each) => [observedName(each), stateAt(each)])),
    factors: Object.fromEntries(trials.shape.factors.map((name) => [name, recording.factors[name]!.data])),
    count,
  };
}
