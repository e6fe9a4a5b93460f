import type { Tensor, Trace } from "../../compute/trace.ts";
import type { PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import type { Population } from "../population.ts";
import type { Projection } from "../projection.ts";

/** Rates that are held at a time step. */
export interface Hold {
  /** The rates, those of held units replaced. */
  rates(rates: Tensor): Tensor;
  /** An error at the rates, or at the drive, without that of held units: what drives them has no say in their rates. */
  release(error: PostsynapticError): PostsynapticError;
}

/** How an experimenter acts on a circuit while its activity is traced. */
export interface Interventions {
  /** Stimuli of the inputs as they are left, by name, [batch, units]: one tensor for all time steps, or one for each. */
  stimuli(trace: Trace, stimuli: ReadonlyMap<string, readonly Tensor[]>): ReadonlyMap<string, readonly Tensor[]>;
  /** Whether a projection carries nothing to its target at a time step. */
  cuts(projection: Projection, step: number): boolean;
  /** The drive of a population with what is added to it. */
  drive(trace: Trace, population: Population, step: number, drive: Tensor): Tensor;
  /** What is held of a population's rates; undefined where nothing is. */
  hold(trace: Trace, population: Population, step: number): Hold | undefined;
}
