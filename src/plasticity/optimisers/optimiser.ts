import type { WeightBounds } from "../../compute/kernels/optimiser.ts";
import type { Tensor } from "../../compute/trace.ts";
import { definer } from "../../kinds/kind.ts";
import { positiveSingle } from "../../kinds/single-precision.ts";

/** The setting that every optimiser takes. */
export const rate = positiveSingle;

declare module "../../kinds/families.ts" {
  interface Families {
    optimiser: FamilyOf<undefined, Optimiser>;
  }
}

/** A kind of optimiser. Its settings hold `rate`. */
export const defineOptimiser = definer("optimiser", ["schedule", "step"]);

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
