/**
 * Whether a square matrix looks as if it were transposed, told by signs: some column has weights of both signs, and no row has. Under
 * Dale's law the weights of a presynaptic unit, a column, have one sign.
 *
 * @param values [size, size], row-major
 */
export function signsAreInRows(values: ArrayLike<number>, size: number): boolean {
  const signs = { rows: new Int8Array(size), columns: new Int8Array(size) };
  let mixedColumns = false;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const sign = Math.sign(values[row * size + column]!);
      if (sign === 0) continue;
      if (signs.rows[row] === -sign) return false;
      if (signs.columns[column] === -sign) mixedColumns = true;
      signs.rows[row] = sign;
      signs.columns[column] = sign;
    }
  return mixedColumns;
}
