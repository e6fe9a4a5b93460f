import type * as z from "zod";
import type { Activity, PopulationState } from "../../circuits/activity.ts";
import type { Network } from "../../circuits/network.ts";
import type { Shape } from "../../compute/shape.ts";
import type { Tensor, Trace } from "../../compute/trace.ts";
import { type CallableKind, definer, type NoSettings, type SettingsSchema } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { BatchTarget, TargetShape } from "../../tasks/targets.ts";
import { checkMetricNames, type Metrics, type Sums } from "./metric.ts";

/** The error of one report, as a vector that a channel can carry to all units. */
export interface ErrorVector {
  /** Index of the report. */
  readonly report: number;
  /** Time steps that the report was made of, in order. */
  readonly steps: readonly number[];
  /** [batch, units of the report], weighted per sample. */
  readonly error: Tensor;
}

/** The gradient of a weighted sum of losses, where it arises. */
export interface ReportedErrors {
  /** At what was reported: what channels carry that lead from the report to all units. */
  readonly vectors: readonly ErrorVector[];
  /** At the rates of every state that the loss depends on through a report or a target of its own. */
  readonly states: ReadonlyMap<PopulationState, PostsynapticError>;
  /**
   * At the rates of states that cost something by themselves, such as by a penalty: what a unit can tell from its own rate,
   * so that no channel has to bring it. It adds to whatever a channel brings. Absent: none.
   */
  readonly costs?: ReadonlyMap<PopulationState, PostsynapticError>;
}

/** What an objective says of one activity. */
export interface Judgement {
  /** Loss of each sample, the mean over all that is asked of it, [batch]; 0 where nothing is asked. */
  readonly loss: Tensor;
  /**
   * How much is asked of each sample, [batch]: 0 where nothing is; absent: 1 of all. It is the weight of a sample in means
   * and in the gradient, sum_b asked_b loss_b / sum_b asked_b, which are undefined where nothing is asked of any.
   */
  readonly asked?: Tensor;
  /**
   * What metrics are made of, by name: what each sample adds to a sum over all, [batch] or [batch, n]; 0 where nothing is
   * asked. Columns of [batch, n] are summed one by one, as "name/0", "name/1", ...
   */
  readonly sums: Readonly<Record<string, Tensor>>;
  /** What an evaluation gives besides, by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** New values of what the objective remembers, by name. */
  readonly memories: ReadonlyMap<string, Tensor>;
  /**
   * The gradient of the weighted sum of losses.
   *
   * @param weights share of each sample in the batch's mean, [batch]; 0 where nothing is asked
   */
  error(weights: Tensor): ReportedErrors;
}

/** What an objective is told of a batch before a device sees it. */
export interface JudgedBatch {
  readonly targets: readonly BatchTarget[];
  /** What the objective needs besides stimuli and targets, by name, one row for each sample. */
  readonly context: Readonly<Record<string, Float32Array>>;
  /** Samples that are not padding; they come first. */
  readonly count: number;
}

/** What a plan is traced with besides the network. */
export interface Given {
  readonly batch: number;
  /** [batch], 1 where the same stimuli are shown again, else 0; given where anything is remembered. */
  readonly continues?: Tensor | undefined;
  /** Targets as the task gives them; absent: as the objective asks for them, without weights. */
  readonly targets?: readonly TargetShape[] | undefined;
}

/** A target that an objective asks of each trial. */
export interface AskedTarget {
  /** Index of the report that is to name it, and of the target. */
  readonly report: number;
  readonly kind: TargetShape["kind"];
  /** "once": one for the trial; "steps": at each time step, where one for the trial is asked for again at each. */
  readonly time: "once" | "steps";
}

/** What an objective asks of the trials of a task. */
export interface AskedOfTask {
  readonly targets: readonly AskedTarget[];
  /** Values of each sample by the name under which `Batch.context` gives them; absent: none. */
  readonly context?: Readonly<Record<string, number>>;
}

/** How much weights cost by themselves: l1 sum |w| + l2 sum w^2. */
export interface WeightPenalty {
  readonly l1: number;
  readonly l2: number;
}

/** What a circuit is to achieve with a batch: a loss over its activity. */
export interface Objective {
  readonly name: string;
  /** Unit of the loss, such as "nats", for axes and tables. */
  readonly unit: string;
  /** What else is told of how good a circuit is, the most important first. */
  readonly metrics: Metrics;
  /** What it asks of the trials of a task. */
  asks(network: Network): AskedOfTask;
  /** Whether sums over an epoch say that nothing is left to learn; absent: that cannot be said. */
  learned?(sums: Sums): boolean;
  /**
   * Whether a presentation of a batch asks nothing of any sample, as `Judgement.asked` will say, told from the batch
   * alone: no step of learning is made then, in which momentum or weight decay would move weights. Absent: every
   * presentation asks.
   */
  idle?(batch: JudgedBatch, presentation: number, network: Network): boolean;
  /** What weights cost besides; absent: nothing. Every rule descends along its slope too. */
  readonly weightPenalty?: WeightPenalty;
  /** Why it makes no sense for a network; undefined where it does. */
  refuse(network: Network): string | undefined;
  /** Shapes of what it remembers from one presentation of a batch to the next, by name. */
  memories(network: Network, batch: number): Readonly<Record<string, Shape>>;
  /**
   * Declares the targets as inputs of a plan.
   *
   * @returns what judges an activity of that plan
   */
  prepare(trace: Trace, network: Network, given: Given): (activity: Activity) => Judgement;
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
  return definer("objective", ["asks", "prepare"])<S>({
    ...definition,
    build(settings, _network, library) {
      const built = build(settings, library);
      checkMetricNames(kind, built?.metrics);
      return { name: kind, refuse: (network) => refuse?.(settings, network, library), ...built };
    },
  });
}
