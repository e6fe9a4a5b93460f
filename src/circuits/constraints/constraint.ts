import type { WeightBounds } from "../../compute/kernels/optimiser.ts";
import type { Tensor } from "../../compute/trace.ts";
import { definer } from "../../kinds/kind.ts";
import { largestSingle } from "../../kinds/single-precision.ts";
import type { WeightLayout } from "../topologies/topology.ts";

/** Where the weights come from, and how they are laid out. */
export interface ConstrainedWeights {
  /** The presynaptic population; an input has no inhibitory fraction. */
  readonly source: { readonly name: string; readonly units: number; readonly inhibitoryFraction?: number };
  readonly weights: WeightLayout;
  /** The topology by name. */
  readonly topology: string;
}

/** 1 where weights are >= 0, -1 where they are <= 0, 0 where both are allowed. */
export type Sign = 1 | -1 | 0;

/** What the weights of a projection obey, from their draw on and after every step of an optimiser. */
export interface WeightConstraint {
  /** Which sign weights from a presynaptic unit have: of a column of `WeightLayout`. */
  signFrom(column: number): Sign;
  /** Smallest and largest weight of all; an optimiser's step ends in a clamp to them. */
  readonly bounds: WeightBounds;
  /** What is allowed, in words: "weights >= 0". */
  readonly allowed: string;
  /** Brings weights back after a step where the bounds say too little, as signs differ from unit to unit. */
  restore?(weight: Tensor): Tensor;
}

declare module "../../kinds/families.ts" {
  interface Families {
    constraint: FamilyOf<ConstrainedWeights, WeightConstraint>;
  }
}

/** A kind of sign constraint. */
export const defineConstraint = definer("constraint", ["signFrom"]);

/** The largest weight where nothing else bounds it. */
export const unbounded = largestSingle;

/** The sign of each column: asked once, since there are as many weights in a column as postsynaptic units. */
const signsOf = ({ signFrom }: WeightConstraint, columns: number): Int8Array =>
  Int8Array.from({ length: columns }, (_, column) => signFrom(column));

/**
 * Tells which weights obey a constraint.
 *
 * @param columns how many there are
 * @returns whether a weight in a column obeys
 */
export function allowing(constraint: WeightConstraint, columns: number): (weight: number, column: number) => boolean {
  const signs = signsOf(constraint, columns);
  // Weights are single numbers, and so are the bounds that an optimiser's step clamps them to.
  const [minimum, maximum] = [Math.fround(constraint.bounds.minimum), Math.fround(constraint.bounds.maximum)];
  return (weight, column) => weight >= minimum && weight <= maximum && signs[column]! * weight >= 0;
}

/**
 * Makes weights obey a constraint.
 *
 * @param columns how many there are
 * @returns gives the weight of the same magnitude that obeys in a column, as far as the bounds leave room for it
 */
export function obeying(constraint: WeightConstraint, columns: number): (weight: number, column: number) => number {
  const signs = signsOf(constraint, columns);
  const { minimum, maximum } = constraint.bounds;
  return (weight, column) => {
    const sign = signs[column]!;
    const signed = sign === 0 ? weight : sign > 0 ? Math.abs(weight) : -Math.abs(weight);
    return Math.min(Math.max(signed, minimum), maximum);
  };
}

/** The sign that all of some columns have; undefined where they differ. */
export function commonSign({ signFrom }: Pick<WeightConstraint, "signFrom">, columns: number): Sign | undefined {
  const first = signFrom(0);
  for (let column = 1; column < columns; column++) if (signFrom(column) !== first) return undefined;
  return first;
}
