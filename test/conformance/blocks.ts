/** A block of a matrix; a vector is a matrix of one column. */
export interface Region {
  /** Its first row and column. */
  readonly at: readonly [row: number, column: number];
  readonly size: readonly [rows: number, columns: number];
}

/** Values of a block, row-major. */
export function blockOf(
  { shape: [, width = 1], data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  { at: [top, left], size: [rows, columns] }: Region,
): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return data[(top + row) * width + left + column]!;
  });
}

/** Puts values at the place of a block. */
export function placeBlock(
  { shape: [, width = 1], data }: { readonly shape: readonly number[]; readonly data: Float32Array },
  values: ArrayLike<number>,
  { at: [top, left], size: [rows, columns] }: Region,
): void {
  for (let index = 0; index < rows * columns; index++)
    data[(top + Math.floor(index / columns)) * width + left + (index % columns)] = values[index]!;
}
