// The alternating relu, which tells even from odd units. Counts are elements.

/** Signs that turn what an even unit passes, values <= 0, into values >= 0. */
const evenSigns: v128 = i32x4(0x80000000, 0, 0x80000000, 0);

/** result[r, c] = values[r, c] where c is even and it is <= 0, or odd and >= 0, else 0 */
export function alternatingRelu(values: usize, result: usize, rows: usize, columns: usize): void {
  const whole = (columns & ~3) << 2;
  const stride = columns << 2;
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    const source = values + row * stride;
    const target = result + row * stride;
    for (let i: usize = 0; i < whole; i += 16) {
      const value = v128.load(source + i);
      v128.store(target + i, v128.andnot(value, f32x4.lt(v128.xor(value, evenSigns), zero)));
    }
    for (let i = whole; i < stride; i += 4) {
      const value = load<f32>(source + i);
      const passed = (i & 4) == 0 ? -value : value;
      store<f32>(target + i, passed < 0 ? 0 : value);
    }
  }
}

/** result[r, c] = error[r, c] where c is even and drive[r, c] <= 0, or odd and >= 0, else 0 */
export function alternatingReluError(error: usize, drive: usize, result: usize, rows: usize, columns: usize): void {
  const whole = (columns & ~3) << 2;
  const stride = columns << 2;
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    const at = row * stride;
    for (let i: usize = 0; i < whole; i += 16) {
      const passed = f32x4.ge(v128.xor(v128.load(drive + at + i), evenSigns), zero);
      v128.store(result + at + i, v128.and(v128.load(error + at + i), passed));
    }
    for (let i = whole; i < stride; i += 4) {
      const value = load<f32>(drive + at + i);
      const passed = ((i & 4) == 0 ? -value : value) >= 0;
      store<f32>(result + at + i, passed ? load<f32>(error + at + i) : 0);
    }
  }
}
