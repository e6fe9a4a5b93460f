import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RandomStream, randomStream } from "../../src/compute/random.ts";
import { largestSeed, randomState } from "../../src/compute/random-state.ts";
import { UsageError } from "../../src/kinds/errors.ts";

const seeds = fc.oneof(fc.maxSafeNat(), fc.nat(9));
const names = fc.string({ maxLength: 20 });
const numbers = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.uniform());

describe("a random stream", () => {
  test("is the same for the same seed and name", () => {
    fc.assert(
      fc.property(seeds, names, (seed, name) => {
        const draw = ({ uniform, normal, integer, permutation }: RandomStream) => [
          uniform(),
          normal(),
          normal(),
          integer(-5, 5),
          ...permutation(7),
        ];
        expect(draw(randomStream(seed, name))).toEqual(draw(randomStream(seed, name)));
      }),
    );
  });

  test("is another one for another name or another seed", () => {
    fc.assert(
      fc.property(seeds, names, fc.tuple(seeds, names), (seed, name, [otherSeed, otherName]) => {
        const own = numbers(randomStream(seed, name), 4);
        if (otherName !== name) expect(numbers(randomStream(seed, otherName), 4)).not.toEqual(own);
        if (otherSeed !== seed) expect(numbers(randomStream(otherSeed, name), 4)).not.toEqual(own);
      }),
    );
  });

  test("is another one for each of the names and seeds that an experiment uses", () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 20; seed++)
      for (const kind of ["initial/v", "gate/v", "feedback/v", "batches/epoch-"])
        for (let index = 0; index < 20; index++) firsts.add(randomStream(seed, `${kind}${index}`).uniform());
    expect(firsts.size).toBe(20 * 4 * 20);
  });

  test("has a state that no other has, of 300,000 names as runs have them and 100,000 seeds", () => {
    const states = new Set<string>();
    let drawn = 0;
    const add = (seed: number, name: string) => {
      states.add(randomState(seed, name).join());
      drawn++;
    };
    for (let step = 0; step < 100_000; step++) {
      add(1, `noise/step-${step}/fluctuation/x/0`);
      add(1, `trials/batch-${step}`);
      add(1, `${step}`);
      add(2 ** 32 * (step % 1000) + step, "initial/v1");
    }
    expect(states.size).toBe(drawn);
  });

  test("differs by about half of 128 bits where seed or name differ in one", () => {
    const names = fc.string({ minLength: 1, maxLength: 20 });
    let [flips, cases] = [0, 0];
    const ones = (words: readonly number[], others: readonly number[]) =>
      words.reduce((sum, word, index) => {
        let count = sum;
        for (let bits = (word ^ others[index]!) >>> 0; bits > 0; bits = Math.floor(bits / 2)) count += bits % 2;
        return count;
      }, 0);
    const hold = (first: readonly number[], second: readonly number[]) => {
      const flipped = ones(first, second);
      // Six SD of a binomial of 128: 34.
      expect(Math.abs(flipped - 64)).toBeLessThan(40);
      flips += flipped;
      cases++;
    };
    fc.assert(
      fc.property(fc.maxSafeNat(), names, fc.nat(52), fc.nat(15), fc.nat(19), (seed, name, bit, unitBit, at) => {
        const state = randomState(seed, name);
        const high = Math.floor(seed / 2 ** bit) % 2 === 1;
        hold(state, randomState(high ? seed - 2 ** bit : seed + 2 ** bit, name));
        const place = at % name.length;
        const unit = String.fromCharCode(name.charCodeAt(place) ^ (1 << unitBit));
        hold(state, randomState(seed, name.slice(0, place) + unit + name.slice(place + 1)));
      }),
      { numRuns: 1000 },
    );
    expect(Math.abs(flips / cases - 64)).toBeLessThan((6 * Math.sqrt(32)) / Math.sqrt(cases));
  });

  test.each([-1, 1.7, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("has no seed %d", (seed) => {
    const draw = () => randomStream(seed, "initial/v1");
    expect(draw).toThrow(UsageError);
    expect(draw).toThrow(
      `Random stream "initial/v1": the seed is ${seed}, expected a whole number from 0 to ${largestSeed}`,
    );
  });

  test("is not that of a seed 2^32 further on, nor of a name whose first unit is the seed", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), names, (seed, name) => {
        const own = numbers(randomStream(seed, name), 2);
        expect(numbers(randomStream(seed + 2 ** 32, name), 2)).not.toEqual(own);
        expect(numbers(randomStream(0, String.fromCharCode(seed) + name), 2)).not.toEqual(own);
      }),
    );
  });

  test("is independent of its neighbours by seed and by name, from the first number on", () => {
    const count = 20_000;
    const correlation = (own: (index: number) => number, other: (index: number) => number) => {
      let sum = 0;
      for (let index = 0; index < count; index++) sum += (own(index) - 0.5) * (other(index) - 0.5);
      return (12 * sum) / count;
    };
    const first = (seed: number, name: string) => randomStream(seed, name).uniform();
    const bySeed = correlation(
      (index) => first(index, "x"),
      (index) => first(index + 1, "x"),
    );
    const byName = correlation(
      (index) => first(1, `step-${index}`),
      (index) => first(1, `step-${index + 1}`),
    );
    const mean = Array.from({ length: count }, (_, seed) => first(seed, "x")).reduce((sum, each) => sum + each, 0);
    for (const value of [bySeed, byName]) expect(Math.abs(value)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(mean / count - 0.5)).toBeLessThan(5 / Math.sqrt(12 * count));
  });

  test("does not shift when another one is drawn from", () => {
    fc.assert(
      fc.property(
        seeds,
        names,
        fc.array(fc.tuple(names, fc.nat({ max: 5 })), { maxLength: 5 }),
        (seed, name, others) => {
          const alone = numbers(randomStream(seed, name), 6);
          const stream = randomStream(seed, name);
          const mixed = numbers(stream, 3);
          for (const [other, count] of others) numbers(randomStream(seed, other), count);
          mixed.push(...numbers(stream, 3));
          expect(mixed).toEqual(alone);
        },
      ),
    );
  });

  test("keeps its numbers from version to version: runs can be repeated", () => {
    const stream = randomStream(1, "initial/v1");
    expect([stream.uniform(), stream.normal(), stream.normal(), stream.integer(0, 1000)]).toMatchInlineSnapshot(`
      [
        0.3715883441256498,
        0.9546692371016547,
        -0.1620986593564666,
        475,
      ]
    `);
    expect([...stream.permutation(8)]).toMatchInlineSnapshot(`
      [
        2,
        3,
        1,
        5,
        6,
        4,
        0,
        7,
      ]
    `);
  });
});

describe("its distributions", () => {
  test("uniform lies in [0, 1), integer within its bounds, both included", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: -9, max: 9 }), fc.nat({ max: 9 }), (seed, from, width) => {
        const stream = randomStream(seed, "values");
        for (const value of numbers(stream, 50)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(1);
        }
        for (let draw = 0; draw < 50; draw++) {
          const value = stream.integer(from, from + width);
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(from);
          expect(value).toBeLessThanOrEqual(from + width);
        }
      }),
    );
    const dice = new Set(Array.from({ length: 100 }, (_, seed) => randomStream(seed, "die").integer(1, 6)));
    expect([...dice].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("signs are as many as asked for, each -1 or +1, and begin as a longer draw does", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 100 }), fc.nat({ max: 100 }), (seed, count, more) => {
        const signs = randomStream(seed, "noise").signs(count);
        expect(signs.length).toBe(count);
        for (const sign of signs) expect(Math.abs(sign)).toBe(1);
        expect(
          randomStream(seed, "noise")
            .signs(count + more)
            .slice(0, count),
        ).toEqual(signs);
      }),
    );
  });

  test.for([1, 2, 3])("signs are fair, at every bit of the generator and from one to the next (seed %d)", (seed) => {
    const count = 32 * 2000;
    const signs = randomStream(seed, "noise").signs(count);
    const sumOf = (term: (at: number) => number, from = 0, step = 1) => {
      let sum = 0;
      for (let at = from; at < count; at += step) sum += term(at);
      return Math.abs(sum);
    };
    // Five standard deviations of a sum of n signs are 5 sqrt(n).
    expect(sumOf((at) => signs[at]!)).toBeLessThan(5 * Math.sqrt(count));
    for (let bit = 0; bit < 32; bit++) expect(sumOf((at) => signs[at]!, bit, 32)).toBeLessThan(5 * Math.sqrt(2000));
    for (const lag of [1, 31, 32])
      expect(sumOf((at) => signs[at]! * (signs[at + lag] ?? 0))).toBeLessThan(5 * Math.sqrt(count));
  });

  test("bits are the 32 signs that would have been drawn, from the first one at the lowest bit", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const signs = randomStream(seed, "noise").signs(64);
        const stream = randomStream(seed, "noise");
        for (const from of [0, 32]) {
          const bits = stream.bits();
          expect(bits).toBe(bits | 0);
          for (let bit = 0; bit < 32; bit++) expect((bits >>> bit) & 1).toBe(signs[from + bit]! > 0 ? 1 : 0);
        }
      }),
    );
  });

  test("permutation holds every number below its count once", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 60 }), (seed, count) => {
        const order = randomStream(seed, "order").permutation(count);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      }),
    );
  });

  test("every order of three is as likely as another", () => {
    const stream = randomStream(3, "orders");
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw++) {
      const order = stream.permutation(3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test.for([1, 2, 3])("moments of uniform and normal are right (seed %d)", (seed) => {
    const count = 20_000;
    const moments = (draw: () => number) => {
      const values = Array.from({ length: count }, draw);
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      const central = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / count;
      return { mean, variance: central(2), skew: central(3), kurtosis: central(4) / central(2) ** 2 };
    };
    const uniform = moments(randomStream(seed, "uniform").uniform);
    expect(Math.abs(uniform.mean - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(uniform.variance - 1 / 12)).toBeLessThan(0.002);
    const normal = moments(randomStream(seed, "normal").normal);
    expect(Math.abs(normal.mean)).toBeLessThan(0.03);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.04);
    expect(Math.abs(normal.skew)).toBeLessThan(0.08);
    expect(Math.abs(normal.kurtosis - 3)).toBeLessThan(0.2);
  });

  test.for([1, 2, 3])("normal numbers are distributed as such, into the tails (seed %d)", (seed) => {
    const count = 2_000_000;
    const { normal } = randomStream(seed, "normals");
    const values = new Float32Array(count).map(normal);
    // Chances by the error function of Python 3.11, math.erf, to 12 digits.
    const bounds = [
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
    for (const [bound, chance] of bounds) {
      let below = 0;
      for (const value of values) if (value < bound) below++;
      // Five SD of a binomial, and one sample more where there are few.
      const spread = 5 * Math.sqrt(count * chance * (1 - chance)) + 1;
      expect(Math.abs(below - count * chance), `below ${bound}`).toBeLessThan(spread);
    }
    let next = 0;
    for (let index = 1; index < count; index++) next += values[index - 1]! * values[index]!;
    expect(Math.abs(next)).toBeLessThan(5 * Math.sqrt(count));
  });

  test("the two normal values of a pair are independent", () => {
    const stream = randomStream(4, "pairs");
    const count = 20_000;
    let product = 0;
    for (let pair = 0; pair < count; pair++) product += stream.normal() * stream.normal();
    expect(Math.abs(product / count)).toBeLessThan(0.03);
  });
});
