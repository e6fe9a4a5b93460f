import { UsageError } from "../kinds/errors.ts";

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
  const lanes = new Lanes(start);
  lanes.take(seed | 0);
  lanes.take(Math.floor(seed / 2 ** 32));
  for (let index = 0; index < name.length; index++) lanes.take(name.charCodeAt(index));
  lanes.take(name.length);
  return lanes.end();
}

const start: RandomState = [0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344];

/**
 * The state that words of 32 bits lead to from another state.
 *
 * Each word passes through four lanes of 32 bits. A step is a bijection of the four lanes, so what has once been told
 * apart stays apart under equal words to come; the multipliers and shifts are those of MurmurHash3 (Appleby), and four
 * steps without a word end it, so that every bit of the last word reaches every bit of the state.
 */
export function stateAfter(state: RandomState, words: readonly number[]): RandomState {
  const lanes = new Lanes(state);
  for (const word of words) lanes.take(word);
  return lanes.end();
}

/** The four lanes. A stream begins for every trial that is shown, so words are taken one by one, without a list of them. */
class Lanes {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor([a, b, c, d]: RandomState) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }

  take(word: number): void {
    const a = Math.imul(this.#a ^ word, 0xcc9e2d51) ^ this.#b;
    this.#b = Math.imul(this.#b ^ word ^ (a >>> 15), 0x1b873593) ^ this.#c;
    this.#c = Math.imul(this.#c ^ word ^ (this.#b >>> 13), 0x85ebca6b) ^ this.#d;
    this.#d = Math.imul(this.#d ^ word ^ (this.#c >>> 16), 0xc2b2ae35) ^ (a >>> 14);
    this.#a = a ^ (this.#d >>> 16);
  }

  /** The state, after four steps without a word. */
  end(): RandomState {
    for (let step = 0; step < 4; step++) this.take(0);
    return [this.#a, this.#b, this.#c, this.#d];
  }
}
