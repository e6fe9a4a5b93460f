import type * as z from "zod";
import type { WeightBounds } from "../../compute/kernels/optimiser.ts";
import type { Tensor } from "../../compute/trace.ts";
import { positiveSingle } from "../../kinds/single-precision.ts";

/** Settings of an optimiser as plain data. */
export type OptimiserSettings = {
  readonly kind: "sgd" | "momentum" | "adam" | "adamw";
  /** Learning rate. */
  readonly rate: number;
  /** momentum only; default 0.9. */
  readonly momentum?: number | undefined;
  /** adam and adamw, from 0 to below 1; defaults 0.9, 0.999, 1e-8. */
  readonly beta1?: number | undefined;
  readonly beta2?: number | undefined;
  readonly epsilon?: number | undefined;
  /** adamw only: decoupled weight decay of weights (biases do not decay); default 0.01. */
  readonly decay?: number | undefined;
};

/** The setting that every optimiser takes. */
export const rate = positiveSingle;

/** A kind of optimiser, to be built with settings. */
export interface OptimiserKind<Settings extends z.ZodObject = z.ZodObject> {
  readonly summary: string;
  /** Settings that a description may give besides the kind, with their defaults. */
  readonly settings: Settings;
  /** @param settings checked, defaults filled in */
  build(settings: z.output<Settings>): Optimiser;
}

/** A kind of optimiser from the schema of its settings. */
export const defineOptimiser = <Settings extends z.ZodObject>(kind: OptimiserKind<Settings>): OptimiserKind =>
  kind as unknown as OptimiserKind;

/** Turns updates into weight changes, then restores the sign constraint, as one kernel. */
export interface Optimiser {
  /** What it remembers of each parameter, in the parameter's shape, 0 at first. */
  readonly memories: readonly string[];
  /** Number of values that change from step to step. */
  readonly scheduleSize: number;
  /**
   * Those values for step 1, 2, ..., worked out in double precision.
   *
   * @param factor by which the learning rate has decayed; default 1
   */
  schedule(step: number, factor?: number): Float32Array;
  /** New value of a parameter and new memories. `decays`: whether weight decay applies to this parameter. */
  step(
    parameter: Tensor,
    update: Tensor,
    memories: Readonly<Record<string, Tensor>>,
    schedule: Tensor,
    constraint: WeightBounds & { readonly decays: boolean },
  ): { readonly parameter: Tensor; readonly memories: Readonly<Record<string, Tensor>> };
}
