import { binaryUnit } from "./matrix.ts";

/** An eigenvalue of a real matrix. */
export interface Eigenvalue {
  readonly real: number;
  /** 0 for a real one; others come in pairs of + and - the same. */
  readonly imaginary: number;
}

/** Steps that an eigenvalue may take; two or three are usual. */
const MOST_STEPS = 300;
/** After so many steps in vain the shift is replaced by an exceptional one, and rounding is judged less strictly. */
const PATIENCE = 10;

/**
 * Eigenvalues of a real square matrix by Francis' QR algorithm with double shifts, on its balanced upper Hessenberg form.
 *
 * Sources: Francis 1961, The QR transformation; Parlett & Reinsch 1969, Balancing a matrix; Golub & Van Loan 2013, Matrix
 * computations, algorithms 7.4.2 and 7.5.1.
 *
 * @param values [n, n], row-major, finite, of a size that leaves room for squares
 * @returns n eigenvalues in no particular order; nothing where the algorithm does not converge, which no matrix is
 *   known to bring about
 */
export function eigenvaluesOf(values: Float64Array, n: number): Eigenvalue[] | undefined {
  const alike = balanced(values, n);
  // What is balanced may be small throughout, and its squares would vanish.
  const unit = binaryUnit(alike);
  const h = new Hessenberg(
    alike.map((value) => value / unit),
    n,
  );
  const found: Eigenvalue[] = [];
  let steps = 0;
  for (let high = n - 1; high >= 0; ) {
    const low = h.startOfBlock(high, steps < PATIENCE);
    if (low >= high - 1) {
      found.push(...(low === high ? [{ real: h.at(high, high), imaginary: 0 }] : h.pair(low)));
      high = low - 1;
      steps = 0;
    } else {
      if (++steps > MOST_STEPS) return undefined;
      h.step(low, high, steps % PATIENCE === 0);
    }
  }
  return found.map(({ real, imaginary }) => ({ real: real * unit, imaginary: imaginary * unit }));
}

/**
 * The matrix with each row and column in turn scaled against each other until they are about as large, so that rounding beside large
 * values loses no small ones. The factors are powers of two, which cost no digit; eigenvalues stay as they are.
 */
function balanced(values: Float64Array, n: number): Float64Array {
  const scaled = values.slice();
  const beside = (index: number, along: number, across: number) => {
    let sum = 0;
    for (let other = 0; other < n; other++)
      if (other !== index) sum += Math.abs(scaled[index * across + other * along]!);
    return sum;
  };
  for (let settled = false; !settled; ) {
    settled = true;
    for (let index = 0; index < n; index++) {
      const [row, column] = [beside(index, 1, n), beside(index, n, 1)];
      if (row === 0 || column === 0) continue;
      const factor = 2 ** Math.round((Math.log2(row) - Math.log2(column)) / 2);
      if (column * factor + row / factor >= 0.95 * (column + row)) continue;
      settled = false;
      for (let other = 0; other < n; other++) {
        scaled[other * n + index]! *= factor;
        scaled[index * n + other]! /= factor;
      }
    }
  }
  return scaled;
}

/** An upper Hessenberg matrix that similarity transforms bring nearer to triangular blocks. */
class Hessenberg {
  readonly #values: Float64Array;
  readonly #n: number;
  readonly #norm: number;

  constructor(values: Float64Array, n: number) {
    this.#values = values.slice();
    this.#n = n;
    for (let column = 0; column < n - 2; column++) {
      const below = Array.from({ length: n - column - 1 }, (_, index) => this.at(column + 1 + index, column));
      this.#reflect(below, column + 1, 0, n);
      for (let row = column + 2; row < n; row++) this.#set(row, column, 0);
    }
    this.#norm = Math.hypot(...this.#rowNorms());
  }

  at(row: number, column: number): number {
    return this.#values[row * this.#n + column]!;
  }

  /**
   * First row of the block that ends in row `high`. A value below the diagonal that is rounding beside its neighbours
   * is 0, and, where `strict` has gone on for long, one that is rounding beside the whole matrix.
   */
  startOfBlock(high: number, strict: boolean): number {
    for (let row = high; row > 0; row--) {
      const neighbours = Math.abs(this.at(row, row)) + Math.abs(this.at(row - 1, row - 1));
      const beside = strict && neighbours > 0 ? neighbours : (this.#n + 10) * this.#norm;
      if (Math.abs(this.at(row, row - 1)) > Number.EPSILON * beside) continue;
      this.#set(row, row - 1, 0);
      return row;
    }
    return 0;
  }

  /** The two eigenvalues of the block of rows `row` and `row` + 1. */
  pair(row: number): Eigenvalue[] {
    const [a, d] = [this.at(row, row), this.at(row + 1, row + 1)];
    const product = this.at(row, row + 1) * this.at(row + 1, row);
    const half = (a - d) / 2;
    const square = half ** 2 + product;
    if (square < 0) {
      const [real, imaginary] = [d + half, Math.sqrt(-square)];
      return [imaginary, -imaginary].map((part) => ({ real, imaginary: part }));
    }
    // The one farther from d, and the other by the product of both, so that no digits cancel.
    const far = half + (half < 0 ? -1 : 1) * Math.sqrt(square);
    return [d + far, far === 0 ? d : d - product / far].map((real) => ({ real, imaginary: 0 }));
  }

  /**
   * A step of the block from row `low` to `high`, both shifts at once: the eigenvalues of its last two rows, or
   * exceptional ones.
   */
  step(low: number, high: number, exceptional: boolean): void {
    const size = Math.abs(this.at(high, high - 1)) + Math.abs(this.at(high - 1, high - 2));
    const away = exceptional ? 0.75 * size : 0;
    // The shifts are the eigenvalues of [x, p; q, y] with p q = `product`.
    const x = this.at(high, high) + away;
    const y = exceptional ? x : this.at(high - 1, high - 1);
    const product = exceptional ? -0.4375 * size ** 2 : this.at(high - 1, high) * this.at(high, high - 1);
    const [a, b] = [this.at(low, low), this.at(low + 1, low)];
    // The first column of (H - shift)(H - other shift), by differences, which cancel where eigenvalues are nearly equal.
    let bulge = [
      (x - a) * (y - a) - product + this.at(low, low + 1) * b,
      b * (a - x + (this.at(low + 1, low + 1) - y)),
      b * this.at(low + 2, low + 1),
    ];
    for (let row = low; row < high; row++) {
      this.#reflect(bulge, row, low, high + 1);
      if (row > low) for (let below = row + 1; below <= Math.min(row + 2, high); below++) this.#set(below, row - 1, 0);
      const next = Math.min(row + 3, high);
      bulge = Array.from({ length: next - row }, (_, index) => this.at(row + 1 + index, row));
    }
  }

  /**
   * Reflects rows and columns from `first` on, as many as the vector has entries, so that the vector would lie along
   * the first of them; within rows and columns `from` to `end`.
   */
  #reflect(vector: readonly number[], first: number, from: number, end: number): void {
    const largest = Math.max(...vector.map(Math.abs));
    if (largest === 0 || vector.length < 2) return;
    // The largest magnitude goes first, so that squares do not vanish.
    const normal = vector.map((value) => value / largest);
    normal[0]! += (vector[0]! < 0 ? -1 : 1) * Math.hypot(...normal);
    const scale = 2 / normal.reduce((sum, value) => sum + value * value, 0);
    const [values, n] = [this.#values, this.#n];
    for (const [along, across] of [
      [n, 1],
      [1, n],
    ] as const) {
      for (let other = from; other < end; other++) {
        let product = 0;
        const start = first * along + other * across;
        for (let index = 0; index < normal.length; index++) product += normal[index]! * values[start + index * along]!;
        product *= scale;
        for (let index = 0; index < normal.length; index++) values[start + index * along]! -= product * normal[index]!;
      }
    }
  }

  #set(row: number, column: number, value: number): void {
    this.#values[row * this.#n + column] = value;
  }

  #rowNorms(): number[] {
    return Array.from({ length: this.#n }, (_, row) =>
      Math.hypot(...this.#values.subarray(row * this.#n, (row + 1) * this.#n)),
    );
  }
}
