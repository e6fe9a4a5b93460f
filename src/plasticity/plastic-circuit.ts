import type { Activity, PopulationState } from "../circuits/activity.ts";
import type { Network, Population, Projection } from "../circuits/network.ts";
import { weighAsked } from "../compute/kernels/weighting.ts";
import type { Tensor, Trace } from "../compute/trace.ts";
import type { PostsynapticError } from "../neurons/postsynaptic-error.ts";
import type { ErrorVector } from "./objectives/objective.ts";
import type { Presentation } from "./presentation.ts";

/** Another pass of the batch through the circuit, with noise on the drives. */
export interface PerturbedPass {
  /** Loss of each sample, [batch]. */
  readonly loss: Tensor;
  readonly activity: Activity;
}

/** All that a rule or channel may know of a circuit while a batch is in it. */
export interface PlasticCircuit {
  /** Populations in the order in which activity reaches them; readouts are among them. */
  readonly populations: readonly Population[];
  readonly readouts: readonly Population[];
  /** What the populations did at every time step, in the order of activity. */
  readonly activity: Activity;
  /** Errors of the states that the loss depends on directly, weighted per sample: those that the readouts reported by. */
  readonly stateErrors: ReadonlyMap<PopulationState, PostsynapticError>;
  /** Errors of what was reported, weighted per sample. */
  readonly errorVectors: readonly ErrorVector[];
  /** Errors that states have by themselves, of what their own rates cost, weighted per sample. */
  readonly rateCosts: ReadonlyMap<PopulationState, PostsynapticError>;
  /** Share of each sample in the batch's mean, [batch]; 0 for padding and where nothing is asked. */
  readonly weights: Tensor;
  /** Loss of each sample, [batch]. */
  readonly loss: Tensor;
  /** Weights of a projection in this step; undefined where it has none. */
  weight(projection: Projection): Tensor | undefined;
  /** Which of a projection's weights exist; undefined where all do. */
  mask(projection: Projection): Tensor | undefined;
  /** A value that the rule keeps: a fixed random one, or a memory as it was at the start of the step. */
  kept(name: string): Tensor;
  /** Fresh noise for a population's drive at a time step, +1 or -1, [batch, dimension, units]. */
  noise(state: PopulationState): Tensor;
  /** The batch once more, with `amplitude` times the noise on the drive of every population at every time step. */
  perturbed(amplitude: number): PerturbedPass;
}

/** Name of the plan input that holds the noise by which a rule explores, for a population at a time step. */
export const explorationName = (population: string, step: number): string => `exploration/${population}@${step}`;

/**
 * Shows a batch in the circuit to rules and channels.
 *
 * @param presentation the batch as the objective judged it, with shares of the samples in a mean over all, [batch]
 */
export function plasticCircuit(
  trace: Trace,
  network: Network,
  { activity, judgement, weights: shares, weight, run }: Presentation & { readonly weights: Tensor },
): PlasticCircuit {
  const { readouts, populations } = network;
  const { asked } = judgement;
  const weights = asked ? weighAsked({ weights: shares, asked }).result : shares;
  const batch = weights.shape[0]!;
  const noise = ({ name, dimension, units }: Population, step: number) =>
    trace.sharedInput(explorationName(name, step), [batch, dimension, units], "finite");
  const { vectors, states, costs = new Map() } = judgement.error(weights);
  return {
    populations,
    readouts,
    activity,
    stateErrors: states,
    errorVectors: vectors,
    rateCosts: costs,
    weights,
    loss: judgement.loss,
    weight,
    mask: ({ maskName }) => (maskName === undefined ? undefined : trace.resident(maskName)),
    kept: (name) => trace.resident(name),
    noise: ({ population, step }) => noise(population, step),
    perturbed(amplitude) {
      const pass = run((population, step) => ({ values: noise(population, step), factor: amplitude }));
      return { activity: pass.activity, loss: pass.judgement.loss };
    },
  };
}
