// Transposes of whole matrices. Sizes are elements.

/** target[c, r] = source[r, c]: four rows by sixteen columns at a time, so that each cache line is read once. */
export function transposeMatrix(source: usize, target: usize, rows: usize, columns: usize): void {
  const row = columns << 2;
  const column = rows << 2;
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~15;
  for (let c: usize = 0; c < wholeColumns; c += 16)
    for (let r: usize = 0; r < wholeRows; r += 4) {
      const from = source + r * row + (c << 2);
      const to = target + c * column + (r << 2);
      for (let q: usize = 0; q < 4; q++) fourByFour(from + (q << 4), row, to + (q << 2) * column, column);
    }
  for (let r: usize = 0; r < rows; r++)
    for (let c: usize = r < wholeRows ? wholeColumns : 0; c < columns; c++)
      store<f32>(target + c * column + (r << 2), load<f32>(source + r * row + (c << 2)));
}

@inline
function fourByFour(from: usize, row: usize, to: usize, column: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + row);
  const c = v128.load(from + 2 * row);
  const d = v128.load(from + 3 * row);
  const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab01, cd01, 0, 2));
  v128.store(to + column, v128.shuffle<f64>(ab01, cd01, 1, 3));
  v128.store(to + 2 * column, v128.shuffle<f64>(ab23, cd23, 0, 2));
  v128.store(to + 3 * column, v128.shuffle<f64>(ab23, cd23, 1, 3));
}
