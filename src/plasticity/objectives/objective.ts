import type { Activity, PopulationState } from "../../circuits/activity.ts";
import type { Network } from "../../circuits/network.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor, Trace } from "../../compute/trace.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";

/** What an objective says of one activity. */
export interface Judgement {
  /** Loss of each sample, [batch]. */
  readonly loss: Tensor;
  /** 1 where the decision is wrong, else 0; the mean over targets where several are reported, [batch]. */
  readonly wrong: Tensor;
  /** What an evaluation gives besides, by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** New values of what the objective remembers, by name. */
  readonly memories: ReadonlyMap<string, Tensor>;
  /**
   * The gradient of the weighted sum of losses.
   *
   * @param weights share of each sample in the batch's mean, [batch]
   */
  error(weights: Tensor): {
    /** At the scores of each report, [batch, classes]: what channels carry that lead from the scores to all units. */
    readonly vectors: readonly Tensor[];
    /** At the rates of every state that the loss depends on directly. */
    readonly states: ReadonlyMap<PopulationState, PostsynapticError>;
  };
}

/** What a circuit is to achieve with a batch: a loss over its activity. */
export interface Objective {
  readonly name: string;
  /** Why it makes no sense for a network; undefined where it does. */
  refuse(network: Network): string | undefined;
  /** Shapes of what it remembers from one presentation of a batch to the next, by name. */
  memories(network: Network, batch: number): Readonly<Record<string, Shape>>;
  /**
   * Declares the targets as inputs of a plan.
   *
   * @param continues [batch], 1 where the same stimuli are shown again, else 0; given where anything is remembered
   * @returns what judges an activity of that plan
   */
  prepare(
    trace: Trace,
    network: Network,
    batch: number,
    continues: Tensor | undefined,
  ): (activity: Activity) => Judgement;
}
