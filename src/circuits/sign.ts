import type { WeightBounds } from "../compute/kernels/optimiser.ts";
import { largestSingle as unbounded } from "../kinds/single-precision.ts";
import type { SignConstraint } from "./description.ts";

/** The weights that each sign constraint allows: excitatory w >= 0, inhibitory w <= 0, mixed all, Dale's law by presynaptic unit. */
export const weightBounds: Readonly<Record<SignConstraint, WeightBounds>> = {
  excitatory: { minimum: 0, maximum: unbounded },
  inhibitory: { minimum: -unbounded, maximum: 0 },
  mixed: { minimum: -unbounded, maximum: unbounded },
  // Bounds differ from unit to unit: `restoreDale` keeps them.
  dale: { minimum: -unbounded, maximum: unbounded },
};

/** Whether a weight obeys a constraint. */
export function allowsWeight(sign: SignConstraint, weight: number): boolean {
  const { minimum, maximum } = weightBounds[sign];
  return weight >= minimum && weight <= maximum;
}
