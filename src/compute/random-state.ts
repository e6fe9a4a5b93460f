import { UsageError } from "./errors.ts";

/** Seeds are whole numbers from 0 to this, 2^53 - 1: those that a number holds exactly. */
export const largestSeed = Number.MAX_SAFE_INTEGER;

/** Four words of 32 bits. */
export type RandomState = readonly [number, number, number, number];

/**
 * The state in which the random stream of a seed and a name begins: a hash of both, 128 bits long, so that even among 10^12
 * streams two that are equal are not to be expected (their chance is 10^-15).
 *
 * The words are those of the seed, the UTF-16 units of the name and the name's length; see `stateAfter`.
 *
 * @param seed a whole number from 0 to `largestSeed`
 * @throws UsageError where the seed is another number
 */
export function randomState(seed: number, name: string): RandomState {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(
      `Random stream "${name}": the seed is ${seed}, expected a whole number from 0 to ${largestSeed}`,
    );
  }
  const units = Array.from({ length: name.length }, (_, index) => name.charCodeAt(index));
  return stateAfter(start, [seed | 0, Math.floor(seed / 2 ** 32), ...units, name.length]);
}

const start: RandomState = [0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344];

/**
 * The state that words of 32 bits lead to from another state.
 *
 * Each word passes through four lanes of 32 bits. A step is a bijection of the four lanes, so what has once been told apart stays
 * apart under equal words to come; the multipliers and shifts are those of MurmurHash3 (Appleby), and four steps without a word
 * end it, so that every bit of the last word reaches every bit of the state.
 */
export function stateAfter(state: RandomState, words: Iterable<number>): RandomState {
  let [a, b, c, d] = state;
  for (const word of [...words, 0, 0, 0, 0]) {
    a = Math.imul(a ^ word, 0xcc9e2d51) ^ b;
    b = Math.imul(b ^ word ^ (a >>> 15), 0x1b873593) ^ c;
    c = Math.imul(c ^ word ^ (b >>> 13), 0x85ebca6b) ^ d;
    d = Math.imul(d ^ word ^ (c >>> 16), 0xc2b2ae35) ^ (a >>> 14);
    a ^= d >>> 16;
  }
  return [a, b, c, d];
}
