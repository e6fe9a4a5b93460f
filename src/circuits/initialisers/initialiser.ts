import type { RandomStream } from "../../compute/random.ts";
import { definer } from "../../kinds/kind.ts";
import { obeying, type WeightConstraint } from "../constraints/constraint.ts";
import type { WeightLayout } from "../topologies/topology.ts";

/** The weights of a projection that are to be drawn, row-major [copies, post, pre]. */
export interface WeightsToDraw extends WeightLayout {
  /** Whether the presynaptic population is an input of the circuit. */
  readonly fromInput: boolean;
  /** What the weights have to obey. */
  readonly constraint: WeightConstraint;
}

/** Draws the weights of a projection, each obeying its constraint: the same numbers from the same stream. */
export type Initialiser = (random: RandomStream) => Float32Array;

declare module "../../kinds/families.ts" {
  interface Families {
    initialiser: FamilyOf<WeightsToDraw, Initialiser>;
  }
}

/**
 * A kind of initialiser.
 *
 * ```ts
 * const constant = defineInitialiser({
 *   kind: "constant",
 *   summary: "the same weight everywhere (weight)",
 *   settings: z.strictObject({ weight: z.number().default(0.1) }),
 *   build: ({ weight }, layout) => drawEach(layout, () => weight),
 * });
 * ```
 */
export const defineInitialiser = definer("initialiser", "function");

/** n_in: how many presynaptic units sum up at one postsynaptic unit; of a window: channels kernel^2. */
export const summedInputs = ({ pre, summed }: WeightLayout): number => summed ?? pre;

/** Draws one weight after the other; under a sign constraint each keeps its magnitude. */
export const drawEach =
  ({ copies, post, pre, constraint }: WeightsToDraw, draw: (random: RandomStream) => number): Initialiser =>
  (random) => {
    const obey = obeying(constraint, pre);
    const weights = new Float32Array(copies * post * pre);
    for (let row = 0; row < weights.length; row += pre)
      for (let column = 0; column < pre; column++) weights[row + column] = obey(draw(random), column);
    return weights;
  };
