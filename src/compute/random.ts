import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers; two streams of the same seed and name give the same numbers. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box-Muller; both values of a pair are used). */
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
 * @param seed the seed of the run, an integer
 * @param name the component's name, unique within the run
 */
export function randomStream(seed: number, name: string): RandomStream {
  const generator = xoroshiro128plus(hashName(seed, name));
  let spare: number | undefined;
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
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

/** FNV-1a over the seed's four bytes and the name's UTF-16 units, mixed at the end as in MurmurHash3. */
function hashName(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  const take = (byte: number) => {
    hash = Math.imul(hash ^ byte, 0x01000193);
  };
  for (let shift = 0; shift < 32; shift += 8) take((seed >>> shift) & 0xff);
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    take(unit & 0xff);
    take(unit >>> 8);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
