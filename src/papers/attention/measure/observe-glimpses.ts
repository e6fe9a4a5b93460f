import { inhibitionShapes } from "../../../circuits/inhibition-of-return.ts";
import type { Network } from "../../../circuits/network.ts";
import { type Observed, observedName, parameterShapes } from "../../../circuits/observation.ts";
import type { Executor, Results } from "../../../compute/executor.ts";
import { type Plan, tracePlan } from "../../../compute/plan.ts";
import type { Shape } from "../../../compute/shape.ts";
import { sizeOf } from "../../../compute/shape.ts";
import { reshape } from "../../../compute/trace.ts";
import type { Objective } from "../../../plasticity/objectives/objective.ts";
import { outputVerdict, tracePresentation } from "../../../plasticity/presentation.ts";
import { sequentialBatches } from "../../../tasks/batches.ts";
import type { Batch, TrialSet } from "../../../tasks/trials.ts";
import { feederOf } from "../../../training/feeds.ts";

/** A trained circuit that looks at scenes and learns no more. */
export interface Observer {
  readonly network: Network;
  readonly executor: Executor;
  /** Values of the network's parameters, by name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Says which object a glimpse has chosen, and whether it was named. */
  readonly objective: Objective;
  /** Scenes in a batch. */
  readonly batch: number;
  /** Seed of the run, for what is random in scenes. */
  readonly seed: number;
  /** Hears of every glimpse at a batch. */
  readonly onGlimpse?: () => void;
}

/** Scenes of a batch, and what every glimpse at them gave. */
export interface ObservedScenes {
  readonly shown: Batch;
  /** For each glimpse: outputs of the objective, loss and wrong, what was observed, and what is remembered, by name. */
  readonly glimpses: readonly Results[];
}

/** What to look at, and for how long. */
interface Observation {
  readonly glimpses: number;
  readonly observed: readonly Observed[];
  /** Scenes to take at most, evenly spread; absent: all. */
  readonly limit?: number;
}

/** Shows scenes glimpse after glimpse, so that what was attended is inhibited in the next ones, batch by batch. */
export async function* observeGlimpses(
  observer: Observer,
  scenes: TrialSet,
  { glimpses, observed, limit = scenes.count }: Observation,
): AsyncGenerator<ObservedScenes> {
  const { network, executor, parameters, batch, seed } = observer;
  const residents = residentShapes(observer);
  const look = lookingPlan(observer, residents, observed);
  const feed = await feederOf(look, network);
  const session = await executor.load({ residents, plans: { look } });
  try {
    for (const { name } of network.parameters) await session.write(name, parameters[name]!);
    for (const shown of sequentialBatches(scenes, { batch, limit, seed })) {
      const seen: Results[] = [];
      for (let glimpse = 0; glimpse < glimpses; glimpse++) {
        const [results] = await session.run("look", [feed(shown, { seed, presentation: glimpse })]);
        // A session may use the memory of its results again.
        const kept = Object.entries(results!).map(([name, values]) => [name, values.slice()]);
        seen.push(Object.fromEntries(kept));
        observer.onGlimpse?.();
      }
      yield { shown, glimpses: seen };
    }
  } finally {
    await session.dispose();
  }
}

const residentShapes = ({ network, objective, batch }: Observer): Record<string, Shape> => ({
  ...parameterShapes(network),
  ...inhibitionShapes(network, batch),
  ...objective.memories(network, batch),
});

/** Stimuli and objects -> what the objective judges, states that are looked at, and what the next glimpse remembers. */
function lookingPlan(
  { network, objective, batch }: Observer,
  residents: Readonly<Record<string, Shape>>,
  observed: readonly Observed[],
): Plan {
  return tracePlan("look", residents, (trace) => {
    const { activity, judgement, memories } = tracePresentation(trace, network, objective, batch);
    for (const [name, value] of Object.entries(judgement.outputs)) trace.output(name, value);
    outputVerdict(trace, judgement);
    for (const each of observed) {
      const { rates } = activity.state(each.population, each.step)!;
      trace.output(observedName(each), reshape(rates, [batch, sizeOf(rates.shape) / batch]));
    }
    for (const [name, value] of memories) {
      trace.output(name, value);
      trace.assign(name, value);
    }
  });
}
