import type { Matrix } from "../../../analysis/matrix.ts";
import type { Network } from "../../../circuits/network.ts";
import { type Observed, observationProgram, observedName } from "../../../circuits/observation.ts";
import type { Executor } from "../../../compute/executor.ts";
import type { Library } from "../../../kinds/library.ts";
import { sequentialBatches } from "../../../tasks/batches.ts";
import type { TrialSet } from "../../../tasks/trials.ts";
import { feederOf } from "../../../training/feeds.ts";

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

/** Shows trials, evenly spread over a set, to a network and records states. */
export async function record(
  { network, executor, parameters, batch, seed }: FrozenNetwork,
  trials: TrialSet,
  observed: readonly Observed[],
  limit = trials.count,
): Promise<Recording> {
  const program = observationProgram(network, batch, observed);
  const feed = await feederOf(program.plans.observe!, network);
  const session = await executor.load(program);
  const count = Math.min(limit, trials.count);
  const factors = Object.fromEntries(trials.shape.factors.map((name) => [name, new Float32Array(count)]));
  const states: Record<string, Matrix & { data: Float32Array }> = {};
  try {
    for (const { name } of network.parameters) await session.write(name, parameters[name]!);
    let done = 0;
    for (const shown of sequentialBatches(trials, { batch, limit: count, seed })) {
      const [results] = await session.run("observe", [feed(shown, { seed })]);
      for (const each of observed) {
        const name = observedName(each);
        const values = results![name]!;
        const units = values.length / batch;
        states[name] ??= { shape: [count, units], data: new Float32Array(count * units) };
        states[name].data.set(values.subarray(0, shown.count * units), done * units);
      }
      for (const [name, column] of Object.entries(factors))
        column.set(shown.factors[name]!.subarray(0, shown.count), done);
      done += shown.count;
    }
  } finally {
    await session.dispose();
  }
  return { states, factors, count };
}
