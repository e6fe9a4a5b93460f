import type { Shape } from "../compute/shape.ts";
import type { Network } from "./network.ts";

/** A population at a time step, whose rates are looked at. */
export interface Observed {
  readonly population: string;
  readonly step: number;
}

/** Name of what was observed, [trials, dimension * units]. */
export const observedName = ({ population, step }: Observed): string => `${population}@${step}`;

/** Shapes of everything a network keeps, by name. */
export const parameterShapes = ({ parameters }: Pick<Network, "parameters">): Record<string, Shape> =>
  Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
