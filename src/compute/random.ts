import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { randomState } from "./random-state.ts";
import { drawNormal } from "./ziggurat.ts";

/** A stream of random numbers; two streams of the same seed and name give the same numbers. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal, see `drawNormal`. */
  normal(): number;
  /** 32 random bits, as a signed integer; the fastest way to many numbers. */
  bits(): number;
  /** Uniform integer in [from, to], both included. */
  integer(from: number, to: number): number;
  /** `count` numbers, each -1 or +1 with equal chance. */
  signs(count: number): Float32Array;
  /** The integers 0 ... count - 1 in random order (Fisher-Yates). */
  permutation(count: number): Uint32Array;
}

/**
 * The stream of one component of an experiment.
 *
 * Every component draws from a stream of its own, derived from the seed of the run and the component's name
 * ("initial/v1", "gate/v1", "batches/epoch-3"), so that adding a component does not shift the numbers of the others.
 *
 * The generator is xoroshiro128+ (Blackman and Vigna 2018), of whose sums the low 32 bits are taken; it begins in the
 * 128-bit state that seed and name give, see `randomState`.
 *
 * @param seed the seed of the run, a whole number from 0 to `largestSeed`
 * @param name the component's name, unique within the run
 * @throws UsageError where the seed is another number
 */
export function randomStream(seed: number, name: string): RandomStream {
  const generator = xoroshiro128plusFromState(randomState(seed, name));
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    normal: () => drawNormal(generator, uniform),
    bits: () => generator.next(),
    integer: (from, to) => uniformInt(generator, from, to),
    signs(count) {
      const signs = new Float32Array(count);
      for (let start = 0; start < count; start += 32) {
        const bits = generator.next();
        for (let bit = 0; bit < 32 && start + bit < count; bit++) signs[start + bit] = (bits >>> bit) & 1 ? 1 : -1;
      }
      return signs;
    },
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const chosen = uniformInt(generator, 0, last);
        const kept = order[last]!;
        order[last] = order[chosen]!;
        order[chosen] = kept;
      }
      return order;
    },
  };
}
