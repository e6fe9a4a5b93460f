import type * as z from "zod";
import type { Activity, PopulationState } from "../../circuits/activity.ts";
import type { Network } from "../../circuits/network.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor, Trace } from "../../compute/trace.ts";
import { type CallableKind, definer, type NoSettings, type SettingsSchema } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";

/** What an objective says of one activity. */
export interface Judgement {
  /** Loss of each sample, [batch]; 0 where nothing is asked. */
  readonly loss: Tensor;
  /**
   * 1 where the decision is wrong, else 0; the mean over targets where several are reported, [batch]; 0 where nothing
   * is asked.
   */
  readonly wrong: Tensor;
  /**
   * 1 where something is asked of a sample and 0 where nothing is, [batch]; absent: something is asked of all. Means of
   * loss and error and the gradient are over the samples that are asked, sum_b loss_b / sum_b asked_b, and undefined
   * where none is.
   */
  readonly asked?: Tensor;
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

/** What an objective is told of a batch before a device sees it. */
interface JudgedBatch {
  /** What the objective needs besides stimuli and labels, by name, one row for each sample. */
  readonly context: Readonly<Record<string, Float32Array>>;
  /** Samples that are not padding; they come first. */
  readonly count: number;
}

/** What a circuit is to achieve with a batch: a loss over its activity. */
export interface Objective {
  readonly name: string;
  /** Unit of the loss, such as "nats", for axes and tables. */
  readonly unit: string;
  /**
   * Whether a presentation of a batch asks nothing of any sample, as `Judgement.asked` will say, told from the batch
   * alone: no step of learning is made then, in which momentum or weight decay would move weights. Absent: every
   * presentation asks.
   */
  idle?(batch: JudgedBatch, presentation: number): boolean;
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

declare module "../../kinds/families.ts" {
  interface Families {
    /** An objective is built without a network, and asked later whether it makes sense for one. */
    objective: FamilyOf<Network | undefined, Objective>;
  }
}

/**
 * A kind of objective. `build` gives all of an objective but its name and its refusal, which come from the definition.
 *
 * @param definition name, summary, settings (absent: none), `refuse` (why the objective makes no sense for a network; absent:
 *   it always does) and `build`
 */
export function defineObjective<S extends SettingsSchema = NoSettings>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly settings?: S;
  refuse?(settings: z.output<S>, network: Network, library: Library): string | undefined;
  build(settings: z.output<S>, library: Library): Omit<Objective, "name" | "refuse">;
}): CallableKind<"objective", S> {
  const { kind, refuse, build } = definition;
  return definer("objective")<S>({
    ...definition,
    build: (settings, _network, library) => ({
      name: kind,
      refuse: (network) => refuse?.(settings, network, library),
      ...build(settings, library),
    }),
  });
}
