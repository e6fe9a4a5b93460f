import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { simd } from "../../src/compute/accelerators/simd/simd.ts";
import { openNoiseSources } from "../../src/compute/noise-source.ts";
import { type BatchNoise, writeNormalNoise, xoshiro } from "../../src/compute/normal-noise.ts";
import { type RandomState, randomState, stateAfter } from "../../src/compute/random-state.ts";

const words = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const keys: fc.Arbitrary<RandomState> = fc.tuple(words, words, words, words);
const trialNumbers = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const noises = fc
  .record({
    steps: fc.integer({ min: 1, max: 4 }),
    samples: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 37 }),
    deviation: fc.constantFrom(1, 0.3, 1e-3, 7),
  })
  .chain((noise) =>
    fc.record({
      noise: fc.constant(noise),
      trials: fc.array(trialNumbers, { maxLength: noise.samples }).map((numbers) => Uint32Array.from(numbers)),
    }),
  );

/** The definition's numbers, [steps, samples, width], 0 for padding. */
function defined(noise: BatchNoise, key: RandomState, trials: Uint32Array): Float32Array {
  const values = new Float32Array(noise.steps * noise.samples * noise.width);
  writeNormalNoise(values, key, trials, noise);
  return values;
}

const bitsOf = (values: Float32Array) => [...new Int32Array(values.slice().buffer)];

describe("noise of a batch", () => {
  it("has the bits of its definition in WebAssembly, whatever was drawn before and beside it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(noises, { minLength: 1, maxLength: 3 }), keys, keys, async (kinds, key, earlier) => {
        const sources = await openNoiseSources(kinds.map(({ noise }) => noise));
        for (const [index, { noise }] of kinds.entries())
          sources[index]!.draw(
            earlier,
            Uint32Array.from({ length: noise.samples }, (_, sample) => sample),
          );
        for (const [index, { trials }] of kinds.entries()) sources[index]!.draw(key, trials);
        for (const [index, { noise, trials }] of kinds.entries()) {
          const expected = defined(noise, key, trials);
          const row = noise.samples * noise.width;
          expect(sources[index]!.steps.length).toBe(noise.steps);
          for (const [step, values] of sources[index]!.steps.entries())
            expect(bitsOf(values)).toEqual(bitsOf(expected.subarray(step * row, (step + 1) * row)));
        }
      }),
    );
  });

  it("is that of the definition where there is no WebAssembly SIMD", async () => {
    const probe = vi.spyOn(simd, "probe").mockResolvedValue({ available: false, detail: "none" });
    try {
      const noise = { steps: 3, samples: 4, width: 11, deviation: 0.5 };
      const [source] = await openNoiseSources([noise]);
      source!.draw([5, 6, 7, 8], Uint32Array.of(1, 2, 3, 4));
      source!.draw([1, 2, 3, 4], Uint32Array.of(9, 7));
      const expected = defined(noise, [1, 2, 3, 4], Uint32Array.of(9, 7));
      expect(source!.steps.flatMap(bitsOf)).toEqual(bitsOf(expected));
    } finally {
      probe.mockRestore();
    }
  });

  it("gives a trial the same numbers whatever else its batch holds, and each trial numbers of its own", () => {
    fc.assert(
      fc.property(fc.uniqueArray(trialNumbers, { minLength: 2, maxLength: 5 }), keys, (numbers, key) => {
        const [steps, width] = [2, 13];
        const all = defined({ steps, samples: numbers.length, width, deviation: 1 }, key, Uint32Array.from(numbers));
        for (const [sample, trial] of numbers.entries()) {
          const alone = defined({ steps, samples: 1, width, deviation: 1 }, key, Uint32Array.of(trial));
          const own = Array.from({ length: steps }, (_, step) => {
            const start = (step * numbers.length + sample) * width;
            return [...all.subarray(start, start + width)];
          });
          expect(own.flat()).toEqual([...alone]);
        }
        // Numbers lie on a grid of 2^31 distances and 2^31 directions: few of so few can be equal by chance.
        expect(new Set(all).size).toBeGreaterThan(all.length - 2);
      }),
    );
  });

  it("scales with its standard deviation", () => {
    fc.assert(
      fc.property(keys, fc.constantFrom(0.01, 0.3, 5), (key, deviation) => {
        const shape = { steps: 1, samples: 1, width: 64 };
        const one = defined({ ...shape, deviation: 1 }, key, Uint32Array.of(3));
        const scaled = defined({ ...shape, deviation }, key, Uint32Array.of(3));
        for (const [index, value] of scaled.entries())
          expect(Math.abs(value - deviation * one[index]!)).toBeLessThanOrEqual(3e-7 * deviation * 7);
      }),
    );
  });

  it("comes from xoshiro128+, begun where trial and lane lead from the key", () => {
    const next = xoshiro([1, 2, 3, 4]);
    // First numbers of the authors' C program from this state.
    expect(Array.from({ length: 6 }, () => next() >>> 0)).toEqual([5, 12295, 25178119, 27286542, 39879690, 1140358681]);
    const key = randomState(4, "noise");
    const values = defined({ steps: 1, samples: 1, width: 8, deviation: 1 }, key, Uint32Array.of(12));
    for (let lane = 0; lane < 4; lane++) {
      const generator = xoshiro(stateAfter(key, [12, lane]));
      const u = ((generator() >>> 1) | 1) / 2 ** 31;
      const direction = generator();
      const radius = Math.sqrt(-2 * Math.log(u));
      const angle = (Math.PI * (direction << 1)) / 2 ** 32;
      expect(values[lane]).toBeCloseTo((direction < 0 ? -1 : 1) * radius * Math.cos(angle), 5);
      expect(values[lane + 4]).toBeCloseTo(radius * Math.sin(angle), 5);
    }
  });
});

/** 500,000 numbers of 500 trials over 10 steps, [steps, trials, width]. */
async function manyNumbers(seed: number) {
  const noise = { steps: 10, samples: 500, width: 100, deviation: 1 };
  const [source] = await openNoiseSources([noise]);
  source!.draw(
    randomState(seed, "many"),
    Uint32Array.from({ length: noise.samples }, (_, trial) => trial),
  );
  return { ...noise, rows: source!.steps };
}

// Chances of the normal distribution function by Python 3.11, math.erf, to 12 digits.
const chances = [
  [-4.5, 3.39767312473e-6],
  [-3.7, 1.07799733477e-4],
  [-3, 1.34989803163e-3],
  [-1.5, 0.0668072012689],
  [-0.2, 0.420740290561],
  [0, 0.5],
  [0.25, 0.598706325683],
  [1, 0.841344746069],
  [2.2, 0.986096552487],
  [3.7, 0.999892200267],
] as const;

describe.each([1, 2])("noise is normal and independent (seed %d)", (seed) => {
  it("by its moments and chances, from all lanes together and from each", async () => {
    const { rows, width } = await manyNumbers(seed);
    for (const lane of [undefined, 0, 1, 2, 3, 4, 5, 6, 7]) {
      const values = rows.flatMap((row) =>
        lane === undefined ? [...row] : [...row.filter((_, index) => (index % width) % 8 === lane)],
      );
      const count = values.length;
      const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
      // Five SD of each mean over so many numbers: those of powers of a normal number have variances 1, 2, 15 and 96.
      const bound = (variance: number) => 5 * Math.sqrt(variance / count);
      expect(Math.abs(moment(1))).toBeLessThan(bound(1));
      expect(Math.abs(moment(2) - 1)).toBeLessThan(bound(2));
      expect(Math.abs(moment(3))).toBeLessThan(bound(15));
      expect(Math.abs(moment(4) - 3)).toBeLessThan(bound(96));
      for (const [limit, chance] of chances) {
        let below = 0;
        for (const value of values) if (value < limit) below++;
        // Five SD of a binomial, and one number more where there are few.
        const spread = 5 * Math.sqrt(count * chance * (1 - chance)) + 1;
        expect(Math.abs(below - count * chance), `below ${limit}`).toBeLessThan(spread);
      }
    }
  });

  it("by the largest distance from the normal distribution function (Kolmogorov, Smirnov)", async () => {
    const { rows } = await manyNumbers(seed);
    const sorted = rows[0]!.slice().sort();
    let distance = 0;
    for (const [index, value] of sorted.entries()) {
      const chance = normalChance(value);
      distance = Math.max(
        distance,
        Math.abs(chance - index / sorted.length),
        Math.abs(chance - (index + 1) / sorted.length),
      );
    }
    // The chance of more than 2.4 is 2 exp(-2 2.4^2), 2e-5.
    expect(distance * Math.sqrt(sorted.length)).toBeLessThan(2.4);
  });

  it("by what neighbours, units of two lanes, trials and time steps have in common", async () => {
    const { rows, width, samples } = await manyNumbers(seed);
    const pairs: Readonly<Record<string, (step: number, index: number) => number | undefined>> = {
      neighbour: (step, index) => rows[step]![index + 1],
      "other half of a group": (step, index) => rows[step]![index + 4],
      "same lane": (step, index) => rows[step]![index + 8],
      "next trial": (step, index) => rows[step]![index + width],
      "next step": (step, index) => rows[step + 1]?.[index],
    };
    for (const [name, other] of Object.entries(pairs))
      for (const power of [1, 2]) {
        const centred = (value: number) => (power === 1 ? value : (value * value - 1) / Math.SQRT2);
        let [sum, count] = [0, 0];
        for (let step = 0; step < rows.length; step++)
          for (let index = 0; index < width * samples; index++) {
            const beside = other(step, index);
            if (beside === undefined) continue;
            sum += centred(rows[step]![index]!) * centred(beside);
            count++;
          }
        expect(Math.abs(sum / Math.sqrt(count)), `${name}, power ${power}`).toBeLessThan(5);
      }
  });
});

/** The normal distribution function, by its series (Marsaglia 2004), to 1e-15. */
function normalChance(x: number): number {
  let [sum, term] = [x, x];
  for (let odd = 3; Math.abs(term) > 1e-17 && odd < 400; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
