// Gain functions that take no transcendental function, and their slopes. Counts are elements.

/** result[i] = max(values[i], 0); NaN stays NaN */
export function relu(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, f32x4.max(v128.load(values + i), zero));
  for (let i = whole; i < count << 2; i += 4) store<f32>(result + i, max<f32>(load<f32>(values + i), 0));
}

/** result[i] = 1 where values[i] > 0, else 0 */
export function reluSlope(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, v128.and(f32x4.gt(v128.load(values + i), zero), one));
  for (let i = whole; i < count << 2; i += 4) store<f32>(result + i, load<f32>(values + i) > 0 ? 1 : 0);
}

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

/** result[r, c] = 1 where the unit passes values[r, c], else 0 */
export function alternatingReluSlope(values: usize, result: usize, rows: usize, columns: usize): void {
  const whole = (columns & ~3) << 2;
  const stride = columns << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let row: usize = 0; row < rows; row++) {
    const source = values + row * stride;
    const target = result + row * stride;
    for (let i: usize = 0; i < whole; i += 16) {
      const passed = v128.xor(v128.load(source + i), evenSigns);
      v128.store(target + i, v128.and(f32x4.ge(passed, zero), one));
    }
    for (let i = whole; i < stride; i += 4) {
      const value = load<f32>(source + i);
      store<f32>(target + i, ((i & 4) == 0 ? -value : value) >= 0 ? 1 : 0);
    }
  }
}
