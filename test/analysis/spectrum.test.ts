import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Eigenvalue } from "../../src/analysis/eigenvalues.ts";
import type { Matrix } from "../../src/analysis/matrix.ts";
import { spectralRadius, spectrum } from "../../src/analysis/spectrum.ts";
import { randomStream } from "../../src/compute/random.ts";
import { DataError, ShapeError } from "../../src/kinds/errors.ts";

const square = (rows: readonly (readonly number[])[]): Matrix => ({
  shape: [rows.length, rows.length],
  data: rows.flat(),
});

/** Weights of any sign, sparse or not: of whole numbers (with ties and loops), normal ones, or of every order of size. */
const weightsOf = (...kinds: ("whole" | "normal" | "wide")[]) =>
  fc
    .record({
      seed: fc.nat(),
      units: fc.integer({ min: 1, max: 9 }),
      density: fc.double({ min: 0.1, max: 1, noNaN: true }),
      kind: fc.constantFrom(...kinds),
    })
    .map(({ seed, units, density, kind }): Matrix => {
      const random = randomStream(seed, "weights");
      const range = () => (kind === "wide" ? 10 ** random.integer(-320, 0) : 1);
      const weight = () => (kind === "whole" ? random.integer(-1, 1) : random.normal() * range());
      return {
        shape: [units, units],
        data: Array.from({ length: units * units }, () => (random.uniform() < density ? weight() : 0)),
      };
    });

const weights = weightsOf("whole", "normal");
const anyWeights = weightsOf("whole", "normal", "wide");

const product = ({ shape: [n], data: a }: Matrix, { data: b }: Matrix): Matrix => ({
  shape: [n, n],
  data: Array.from({ length: n * n }, (_, index) => {
    const [row, column] = [Math.floor(index / n), index % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[row * n + k]! * b[k * n + column]!;
    return sum;
  }),
});

const trace = ({ shape: [n], data }: Matrix) =>
  Array.from({ length: n }, (_, index) => data[index * n + index]!).reduce((sum, value) => sum + value, 0);

const norm = ({ data }: Matrix) => Math.hypot(...Array.from(data));

const times = (a: Eigenvalue, b: Eigenvalue): Eigenvalue => ({
  real: a.real * b.real - a.imaginary * b.imaginary,
  imaginary: a.real * b.imaginary + a.imaginary * b.real,
});

/** Largest distance between two spectra, each value with the nearest that is left. */
function distance(one: readonly Eigenvalue[], other: readonly Eigenvalue[]): number {
  const left = [...other];
  const far = (a: Eigenvalue, b: Eigenvalue) => Math.hypot(a.real - b.real, a.imaginary - b.imaginary);
  const distances = one.map((value) => {
    const nearest = left.reduce((best, each, index) => (far(value, each) < far(value, left[best]!) ? index : best), 0);
    return far(value, left.splice(nearest, 1)[0]!);
  });
  return one.length === other.length ? Math.max(0, ...distances) : Number.POSITIVE_INFINITY;
}

const real = (...values: number[]): Eigenvalue[] => values.map((value) => ({ real: value, imaginary: 0 }));

describe("properties of a spectrum", () => {
  test("its power sums are the traces of the matrix's powers, as many as determine it", () => {
    fc.assert(
      fc.property(anyWeights, (matrix) => {
        const eigenvalues = spectrum(matrix);
        expect(eigenvalues).toHaveLength(matrix.shape[0]);
        let [powers, power] = [eigenvalues, matrix];
        for (let exponent = 1; exponent <= eigenvalues.length; exponent++) {
          const sum = powers.reduce((total, { real }) => total + real, 0);
          expect(Math.abs(sum - trace(power))).toBeLessThanOrEqual(1e-12 * norm(matrix) ** exponent);
          powers = powers.map((value, index) => times(value, eigenvalues[index]!));
          power = product(power, matrix);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("it holds the conjugate of each, the largest magnitude first, none beyond the norm", () => {
    fc.assert(
      fc.property(anyWeights, (matrix) => {
        const eigenvalues = spectrum(matrix);
        const magnitudes = eigenvalues.map(({ real, imaginary }) => Math.hypot(real, imaginary));
        expect(magnitudes).toEqual([...magnitudes].sort((a, b) => b - a));
        expect(spectralRadius(matrix)).toBe(magnitudes[0]);
        expect(spectralRadius(matrix)).toBeLessThanOrEqual(norm(matrix) * (1 + 1e-12));
        const conjugates = eigenvalues.map(({ real, imaginary }) => ({ real, imaginary: -imaginary }));
        expect(distance(eigenvalues, conjugates)).toBe(0);
      }),
    );
  });

  test("it is multiplied with the weights, also where they are tiny or huge", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: -900, max: 900 }), fc.boolean(), ({ shape, data }, power, negative) => {
        const factor = (negative ? -1 : 1) * 2 ** power;
        const scaled = spectrum({ shape, data: Array.from(data, (weight) => factor * weight) });
        const expected = spectrum({ shape, data: Array.from(data, (weight) => (negative ? -weight : weight)) });
        expect(scaled).toEqual(
          expected.map(({ real, imaginary }) => ({ real: real * 2 ** power, imaginary: imaginary * 2 ** power })),
        );
      }),
    );
  });

  test("parts that reach each other one way alone have the spectra that they have alone, to the bit", () => {
    fc.assert(
      fc.property(weights, weights, fc.nat(), (one, other, seed) => {
        const [n, m] = [one.shape[0], other.shape[0]];
        const size = n + m;
        const random = randomStream(seed, "between");
        // Where the units of the one are among all; within each part the order stays.
        const order = random.permutation(size);
        const places = [...order.slice(0, n).sort(), ...order.slice(n).sort()];
        const data = new Float64Array(size * size);
        for (let post = 0; post < size; post++)
          for (let pre = 0; pre < size; pre++) {
            const within = post < n ? one.data[post * n + pre]! : other.data[(post - n) * m + pre - n]!;
            const between = post < n ? 0 : random.normal();
            data[places[post]! * size + places[pre]!] = post < n === pre < n ? within : between;
          }
        // Values are divided by the largest weight of all, a power of two, which costs no digit.
        expect(distance(spectrum({ shape: [size, size], data }), [...spectrum(one), ...spectrum(other)])).toBe(0);
      }),
    );
  });

  test("it does not see the order of the units, nor which side of a connection is which", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, n) => {
        const random = randomStream(seed, "dense");
        const data = Array.from({ length: n * n }, () => random.normal());
        const order = random.permutation(n);
        const from = (row: number, column: number) => data[order[row]! * n + order[column]!]!;
        const changed = (at: typeof from): Matrix => ({
          shape: [n, n],
          data: data.map((_, index) => at(Math.floor(index / n), index % n)),
        });
        const expected = spectrum({ shape: [n, n], data });
        expect(distance(spectrum(changed(from)), expected)).toBeLessThan(1e-6);
        expect(distance(spectrum(changed((row, column) => from(column, row))), expected)).toBeLessThan(1e-6);
      }),
    );
  });

  test("weights without loops have exactly 0, whatever their order and strength", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 30 }), (seed, units) => {
        const random = randomStream(seed, "chain");
        const order = random.permutation(units);
        const data = new Float64Array(units * units);
        for (let post = 0; post < units; post++)
          for (let pre = 0; pre < post; pre++) data[order[post]! * units + order[pre]!] = 100 * random.normal();
        expect(spectralRadius({ shape: [units, units], data })).toBe(0);
      }),
    );
  });

  test("symmetric weights have real, rotations imaginary or unit ones", () => {
    fc.assert(
      fc.property(weights, ({ shape: [n], data }) => {
        const other = (index: number) => data[(index % n) * n + Math.floor(index / n)]!;
        const of = (sign: number): Matrix => ({
          shape: [n, n],
          data: Array.from(data, (weight, index) => weight + sign * other(index)),
        });
        const limit = 1e-7 * (norm({ shape: [n, n], data }) || 1);
        for (const { imaginary } of spectrum(of(1))) expect(Math.abs(imaginary)).toBeLessThan(limit);
        for (const { real } of spectrum(of(-1))) expect(Math.abs(real)).toBeLessThan(limit);
      }),
    );
  });
});

describe("known spectra", () => {
  test("of a rotation by an angle", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3, noNaN: true }), (angle) => {
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const found = spectrum(
          square([
            [c, -s],
            [s, c],
          ]),
        );
        expect(
          distance(found, [
            { real: c, imaginary: s },
            { real: c, imaginary: -s },
          ]),
        ).toBeLessThan(1e-15);
        expect(found[0]!.imaginary).toBeGreaterThan(0);
      }),
    );
  });

  test.each([3, 4, 7, 50])("of a ring of %d units: the Fourier transform of its weights", (units) => {
    const random = randomStream(units, "ring");
    for (const ring of [
      Array.from({ length: units }, (_, index) => Number(index === 1)),
      Array.from({ length: units }, () => random.normal()),
    ]) {
      const data = Array.from({ length: units * units }, (_, index) => {
        const [post, pre] = [Math.floor(index / units), index % units];
        return ring[(post - pre + units) % units]!;
      });
      const expected = ring.map((_, frequency) => ({
        real: ring.reduce((sum, weight, k) => sum + weight * Math.cos((2 * Math.PI * frequency * k) / units), 0),
        imaginary: ring.reduce((sum, weight, k) => sum - weight * Math.sin((2 * Math.PI * frequency * k) / units), 0),
      }));
      expect(distance(spectrum({ shape: [units, units], data }), expected)).toBeLessThan(1e-12);
    }
  });

  test("of weights that are the same for all units but for rounding", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: -18, max: -12 }),
        (seed, units, power) => {
          const random = randomStream(seed, "rounding");
          const data = Array.from({ length: units * units }, (_, index) => {
            const same = index % (units + 1) === 0 ? 0.7 : 0;
            return same + random.normal() * 10 ** power;
          });
          const expected = real(...Array.from({ length: units }, () => 0.7));
          expect(distance(spectrum({ shape: [units, units], data }), expected)).toBeLessThan(100 * 10 ** power + 1e-13);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of a ring, however unlike its connections are: roots of their product", () => {
    const strength = fc.integer({ min: -12, max: 3 }).map((power) => 10 ** power);
    fc.assert(
      fc.property(fc.array(strength, { minLength: 2, maxLength: 20 }), (strengths) => {
        const units = strengths.length;
        const data = new Float64Array(units * units);
        for (const [pre, weight] of strengths.entries()) data[((pre + 1) % units) * units + pre] = weight;
        const size = 10 ** (strengths.reduce((sum, weight) => sum + Math.log10(weight), 0) / units);
        const expected = Array.from({ length: units }, (_, index) => ({
          real: size * Math.cos((2 * Math.PI * index) / units),
          imaginary: size * Math.sin((2 * Math.PI * index) / units),
        }));
        expect(distance(spectrum({ shape: [units, units], data }), expected) / size).toBeLessThan(1e-6);
      }),
    );
  });

  test("of small ones by hand", () => {
    expect(
      spectrum(
        square([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toEqual(real(0, 0));
    expect(spectrum(square([[-3]]))).toEqual(real(-3));
    // A value that occurs three times with one eigenvector.
    expect(
      spectrum(
        square([
          [2, 1, 0],
          [0, 2, 1],
          [0, 0, 2],
        ]),
      ),
    ).toEqual(real(2, 2, 2));
    // Excitation and inhibition that balance each other.
    expect(
      spectralRadius(
        square([
          [4, -4],
          [4, -4],
        ]),
      ),
    ).toBeLessThan(1e-7);
    // Connections for which implementations without exceptional shifts never end.
    const endless = [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
      [0, 0, 0, 1, 0],
      [1, 1, 0, 0, 1],
      [1, 0, 1, 0, 1],
    ];
    const golden = (1 + Math.sqrt(5)) / 2;
    expect(
      distance(spectrum(square(endless)), [
        ...real(golden, 1 - golden, 0),
        { real: 0, imaginary: 1 },
        { real: 0, imaginary: -1 },
      ]),
    ).toBeLessThan(1e-14);
  });

  test("of random weights fills the disc of the circular law", () => {
    const units = 150;
    const random = randomStream(4, "disc");
    const data = Array.from({ length: units * units }, () => random.normal() / Math.sqrt(units));
    const inside = spectrum({ shape: [units, units], data }).filter(
      ({ real, imaginary }) => Math.hypot(real, imaginary) < Math.SQRT1_2,
    );
    // Half of the disc's area; three deviations of a binomial are 18 of 150.
    expect(Math.abs(inside.length - units / 2)).toBeLessThan(18);
  });
});

test("what is no square matrix of numbers is refused", () => {
  expect(() => spectrum({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] })).toThrow(ShapeError);
  expect(() => spectralRadius({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6] })).toThrow(
    "Spectrum: weights have shape [2, 3], expected as many columns as rows; take a projection from a population to itself",
  );
  expect(() =>
    spectrum(
      square([
        [1, Number.NaN],
        [0, 1],
      ]),
    ),
  ).toThrow(DataError);
  expect(() =>
    spectrum(
      square([
        [1, Number.NaN],
        [0, 1],
      ]),
    ),
  ).toThrow("Matrix weights: row 0, column 1 is NaN");
});
