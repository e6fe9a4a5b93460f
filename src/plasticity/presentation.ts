import type { Activity, ActivityInputs } from "../circuits/activity.ts";
import { inhibitionShapes, nextInhibition, recallInhibition } from "../circuits/inhibition-of-return.ts";
import { type Network, type Population, type Projection, stimuliInputs } from "../circuits/network.ts";
import type { Tensor, Trace } from "../compute/trace.ts";
import type { TargetShape } from "../tasks/targets.ts";
import type { Judgement, Objective } from "./objectives/objective.ts";

/** Name of the plan input that says whether the same stimuli are shown again, [batch], 1 or 0. */
export const continuesName = "continues";

/**
 * Name of the plan input that holds what noise adds to a population's drive at a time step: normal numbers of its SD,
 * `noise`.
 */
export const fluctuationName = (population: string, step: number): string => `fluctuation/${population}@${step}`;

/** Noise on top of a population's own. */
type Perturbation = (population: Population, step: number) => { readonly values: Tensor; readonly factor: number };

/** A batch of stimuli that the circuit has seen and the objective has judged. */
export interface Presentation {
  readonly activity: Activity;
  readonly judgement: Judgement;
  /** New values of what network and objective remember from one presentation of a batch to the next, by name. */
  readonly memories: ReadonlyMap<string, Tensor>;
  /** Weights that signals travelled through; undefined of a projection that has none. */
  weight(projection: Projection): Tensor | undefined;
  /** The same batch once more, with noise on top. */
  run(perturbation: Perturbation): { readonly activity: Activity; readonly judgement: Judgement };
}

/** Gives loss, what metrics are made of and, where not the same is asked of all samples, asked as outputs of a plan. */
export function outputVerdict(trace: Trace, { loss, sums, asked }: Judgement): void {
  trace.output("loss", loss);
  for (const [name, values] of Object.entries(sums)) trace.output(name, values);
  if (asked) trace.output("asked", asked);
}

/** Whether network or objective remember anything from one presentation of a batch to the next. */
const remembers = (network: Network, objective: Objective): boolean =>
  Object.keys({ ...inhibitionShapes(network, 1), ...objective.memories(network, 1) }).length > 0;

/** Weights of a projection that the network keeps; undefined where it has none. */
const keptWeights =
  (trace: Trace): Presentation["weight"] =>
  ({ weight }) =>
    weight === undefined ? undefined : trace.resident(weight);

/** Stimuli that a circuit can be shown again and again. */
export interface Stimulation {
  /** Whether the same stimuli are shown again, [batch], 1 or 0; declared where anything is remembered. */
  readonly continues?: Tensor;
  /** Inhibition of return as it was left, by population. */
  readonly inhibition: ReadonlyMap<string, Tensor>;
  run(perturbation?: Perturbation): Activity;
}

/**
 * Declares stimuli and noise of a batch as inputs of a plan, and traces what the circuit does with them.
 *
 * @param remembered whether anything is remembered from one presentation of a batch to the next
 * @param weight weights of a projection; default: those that the network keeps
 */
export function traceStimulation(
  trace: Trace,
  network: Network,
  batch: number,
  remembered: boolean,
  weight: Presentation["weight"] = keptWeights(trace),
): Stimulation {
  const stimuli = stimuliInputs(trace, network, batch);
  const continues = remembered ? trace.input(continuesName, [batch], "finite") : undefined;
  const inhibition = continues ? recallInhibition(trace, network, continues) : new Map<string, Tensor>();
  // Drawn noise is finite; looking at all of it would take a thirtieth of a small circuit's step.
  const fluctuation = ({ name, dimension, units }: Population, step: number) =>
    trace.sharedInput(fluctuationName(name, step), [batch, dimension, units]);
  return {
    ...(continues && { continues }),
    inhibition,
    run(perturbation) {
      const noise: NonNullable<ActivityInputs["noise"]> = (population, step) => [
        ...(population.noise > 0 ? [{ values: fluctuation(population, step) }] : []),
        ...(perturbation ? [perturbation(population, step)] : []),
      ];
      return network.propagate(trace, { stimuli, noise, inhibition, weight });
    },
  };
}

/**
 * Traces a presentation of a batch whose stimuli, targets and noise are inputs of the plan.
 *
 * @param given weight: weights of a projection, default those that the network keeps; targets: as the task gives them,
 *   default as the objective asks for them
 */
export function tracePresentation(
  trace: Trace,
  network: Network,
  objective: Objective,
  batch: number,
  given: { readonly weight?: Presentation["weight"]; readonly targets?: readonly TargetShape[] | undefined } = {},
): Presentation {
  const { weight = keptWeights(trace), targets } = given;
  const stimulation = traceStimulation(trace, network, batch, remembers(network, objective), weight);
  const { continues, inhibition } = stimulation;
  const judge = objective.prepare(trace, network, { batch, continues, targets });
  const run = (perturbation?: Perturbation) => {
    const activity = stimulation.run(perturbation);
    return { activity, judgement: judge(activity) };
  };
  const { activity, judgement } = run();
  return {
    activity,
    judgement,
    weight,
    memories: new Map([...nextInhibition(network, activity, inhibition), ...judgement.memories]),
    run,
  };
}
