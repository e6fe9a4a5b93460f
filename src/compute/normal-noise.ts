import { type RandomState, stateAfter } from "./random-state.ts";

/** Noise of a batch: normal numbers of mean 0 for each time step, sample and unit. */
export interface BatchNoise {
  readonly steps: number;
  /** Samples of the batch, padding included. */
  readonly samples: number;
  /** Numbers for each sample and time step. */
  readonly width: number;
  /** Standard deviation. */
  readonly deviation: number;
}

const lanes = 4;

/**
 * Writes normal numbers [steps, samples, width] over an array, where sample s shows trial `trials[s]`. What is beyond
 * the last trial stays as it is.
 *
 * The numbers of a trial depend on the key, the trial, the number of time steps before and the width, not on the
 * samples around it. Four generators, xoshiro128+ (Blackman and Vigna 2021), begin in the states to which trial and
 * lane lead from the key (`stateAfter`). Each time step takes whole groups of eight numbers, of which the width cuts
 * the last: from each generator a point in the plane by the transformation of Box and Muller (1958), of four points the
 * first coordinates, then the second. A point's distance is sqrt(-2 log u), u one of 2^30 odd multiples of 2^-31, so
 * that numbers reach to 6.55 SD; its direction is one of 2^32. Logarithm, sine and cosine are polynomials, within 2e-6
 * of the magnitude.
 *
 * Every operation is one of float32 or of 32-bit integers, in this order, as are those of the SIMD module: both give
 * the same bits on every machine. This one is the definition, and is used where WebAssembly SIMD is missing.
 */
export function writeNormalNoise(
  values: Float32Array,
  key: RandomState,
  trials: ArrayLike<number>,
  { steps, samples, width, deviation }: BatchNoise,
): void {
  for (let sample = 0; sample < trials.length; sample++)
    for (let lane = 0; lane < lanes; lane++) {
      const generator = xoshiro(stateAfter(key, [trials[sample]!, lane]));
      for (let step = 0; step < steps; step++) {
        const row = (step * samples + sample) * width;
        for (let group = 0; group < width; group += 2 * lanes) {
          const [first, second] = normalPair(generator(), generator(), f(deviation));
          const [at, after] = [group + lane, group + lanes + lane];
          if (at < width) values[row + at] = first;
          if (after < width) values[row + after] = second;
        }
      }
    }
}

/** xoshiro128+: 32 bits a call, as a signed integer. */
export function xoshiro(state: RandomState): () => number {
  let [a, b, c, d] = state;
  return () => {
    const bits = (a + d) | 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return bits;
  };
}

const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const f = Math.fround;

/** Two normal numbers of 32 random bits for their distance from 0 and 32 for their direction. */
function normalPair(distance: number, direction: number, deviation: number): readonly [number, number] {
  const radius = f(f(Math.sqrt(squaredRadius(f((distance >>> 1) | 1)))) * deviation);
  // From -1/2 to 1/2 within half a circle; the highest bit chooses the half.
  const y = f(f(direction << 1) * f(2 ** -32));
  const square = f(y * y);
  const first = f(radius * cosine(square));
  return [direction < 0 ? -first : first, f(radius * sine(y, square))];
}

const single = new Float32Array(1);
const bitsOfSingle = new Int32Array(single.buffer);
/** Bits of sqrt(1/2), and those of sqrt(1/2) 2^31. */
const [rootOfHalf, scaledRoot] = [0x3f3504f3, 0x4eb504f3];

/**
 * -2 log(x / 2^31) of whole x from 1 to 2^31: with x = 2^31 2^exponent m, m from sqrt(1/2) to sqrt(2), it is
 * -2 log(2) exponent - 4 artanh((m - 1) / (m + 1)).
 */
function squaredRadius(x: number): number {
  single[0] = x;
  const beyond = bitsOfSingle[0]! - scaledRoot;
  const exponent = beyond >> 23;
  bitsOfSingle[0] = (beyond & 0x007fffff) + rootOfHalf;
  const above = f(single[0]! - 1);
  const s = f(above / f(above + 2));
  const square = f(s * s);
  const sum = f(f(f(-0.8258981704711914) * square) + f(-1.3330453634262085));
  return f(f(exponent * f(-1.3862943649291992)) + f(f(f(sum * square) - 4) * s));
}

/** sin(pi y) of |y| <= 1 / 2 and the square of y */
function sine(y: number, square: number): number {
  let sum = f(f(f(-0.5594350099563599) * square) + f(2.5440001487731934));
  sum = f(f(sum * square) + f(-5.167405605316162));
  return f(f(f(sum * square) + f(3.1415903568267822)) * y);
}

/** cos(pi y) of the square of y, at most 1 / 4 */
function cosine(square: number): number {
  let sum = f(f(f(0.22275356948375702) * square) + f(-1.333313226699829));
  sum = f(f(sum * square) + f(4.058614730834961));
  sum = f(f(sum * square) + f(-4.9348015785217285));
  return f(f(sum * square) + 1);
}
