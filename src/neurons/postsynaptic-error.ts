import { spreadVector } from "../compute/kernels/gate.ts";
import { add, ones } from "../compute/kernels/pointwise.ts";
import { reshape, type Tensor } from "../compute/trace.ts";

/**
 * The error that a channel delivers to a population of n units of dimension k, for a batch of b samples; already
 * weighted per sample, so that summing over the batch gives the mean.
 *
 * "shared": every unit receives the same vector, scaled by a factor of its own, delta[b, k, n] = vector[b, k] scale[b, n];
 * without a scale the factor is 1. This is what one vector readout sends into vector populations, by broadcast as by
 * transposed weights, and it makes every local update K times cheaper than the general form.
 * "own": every unit its own, delta[b, k, n].
 */
export type PostsynapticError =
  | {
      readonly kind: "shared";
      /** [batch, dimension] */
      readonly vector: Tensor;
      /** [batch, units]; absent: 1 for each unit. */
      readonly scale?: Tensor;
      readonly units: number;
    }
  | {
      readonly kind: "own";
      /** [batch, dimension, units] */
      readonly delta: Tensor;
    };

/** The factors of a shared error as a tensor [batch, units]. */
export function scaleOf(error: PostsynapticError & { kind: "shared" }): Tensor {
  return error.scale ?? ones({ like: error.vector }, { shape: [error.vector.shape[0]!, error.units] }).result;
}

/** The error of each unit written out, [batch, dimension, units]. */
export function deltaOf(error: PostsynapticError): Tensor {
  if (error.kind === "own") return error.delta;
  if (error.units === 1 && !error.scale) return reshape(error.vector, [...error.vector.shape, 1]);
  return spreadVector({ vector: error.vector, scale: scaleOf(error) }).result;
}

/** Errors that reach one population over several projections add up. */
export function sumOfErrors(errors: readonly PostsynapticError[]): PostsynapticError {
  const [first, ...rest] = errors;
  if (!first) throw new Error("a sum of errors needs at least one");
  return rest.reduce((sum, error): PostsynapticError => {
    if (sum.kind === "shared" && error.kind === "shared" && sum.vector.id === error.vector.id) {
      const scale = add({ left: scaleOf(sum), right: scaleOf(error) }).result;
      return { kind: "shared", vector: sum.vector, units: sum.units, scale };
    }
    return { kind: "own", delta: add({ left: deltaOf(sum), right: deltaOf(error) }).result };
  }, first);
}

/** Adds an error to those known of states. */
export function addError<State>(errors: Map<State, PostsynapticError>, state: State, error: PostsynapticError): void {
  const known = errors.get(state);
  errors.set(state, known ? sumOfErrors([known, error]) : error);
}
