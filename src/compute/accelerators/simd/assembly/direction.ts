// Lengths of long vectors and how far they lie apart, without overflow. Sizes are elements; sums are gathered in float64.

/** largest[r] = max_c |values[r, c]|; NaN where one is NaN */
export function rowLargest(values: usize, largest: usize, rows: usize, columns: usize): void {
  const stride = columns << 2;
  const whole = (columns & ~3) << 2;
  for (let row: usize = 0; row < rows; row++) {
    const at = values + row * stride;
    let lanes = f32x4.splat(0);
    for (let i: usize = 0; i < whole; i += 16) lanes = f32x4.max(lanes, f32x4.abs(v128.load(at + i)));
    for (let i = whole; i < stride; i += 4) lanes = f32x4.max(lanes, f32x4.abs(v128.load32_splat(at + i)));
    lanes = f32x4.max(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
    lanes = f32x4.max(lanes, v128.shuffle<i32>(lanes, lanes, 1, 0, 3, 2));
    store<f32>(largest + (row << 2), f32x4.extract_lane(lanes, 0));
  }
}

@inline
function squaresOf(lanes: v128): v128 {
  const low = f64x2.promote_low_f32x4(lanes);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  return f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high));
}

@inline
function squareOf(value: f32): f64 {
  return f64(value) * f64(value);
}

@inline
function scaledLanes(values: v128, factors: usize): v128 {
  return f32x4.mul(f32x4.mul(values, v128.load32_splat(factors)), v128.load32_splat(factors + 4));
}

@inline
function scaledValue(value: usize, factors: usize): f32 {
  return load<f32>(value) * load<f32>(factors) * load<f32>(factors + 4);
}

/** sums[r] = sum_c (values[r, c] factors[0] factors[1])^2 */
export function rowSquares(values: usize, factors: usize, sums: usize, rows: usize, columns: usize): void {
  const stride = columns << 2;
  const whole = (columns & ~3) << 2;
  for (let row: usize = 0; row < rows; row++) {
    const at = values + row * stride;
    let lanes = f64x2.splat(0);
    for (let i: usize = 0; i < whole; i += 16)
      lanes = f64x2.add(lanes, squaresOf(scaledLanes(v128.load(at + i), factors)));
    let sum = f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
    for (let i = whole; i < stride; i += 4) sum += squareOf(scaledValue(at + i, factors));
    store<f32>(sums + (row << 2), f32(sum));
  }
}

/** apart[r] = sum_c (u - v)^2, together[r] = sum_c (u + v)^2, u and v the rows times both factors of their side */
export function rowDirections(
  left: usize,
  right: usize,
  leftFactors: usize,
  rightFactors: usize,
  apart: usize,
  together: usize,
  rows: usize,
  columns: usize,
): void {
  const stride = columns << 2;
  const whole = (columns & ~3) << 2;
  for (let row: usize = 0; row < rows; row++) {
    const leftRow = left + row * stride;
    const rightRow = right + row * stride;
    let difference = f64x2.splat(0);
    let sum = f64x2.splat(0);
    for (let i: usize = 0; i < whole; i += 16) {
      const u = scaledLanes(v128.load(leftRow + i), leftFactors);
      const v = scaledLanes(v128.load(rightRow + i), rightFactors);
      difference = f64x2.add(difference, squaresOf(f32x4.sub(u, v)));
      sum = f64x2.add(sum, squaresOf(f32x4.add(u, v)));
    }
    let differences = f64x2.extract_lane(difference, 0) + f64x2.extract_lane(difference, 1);
    let sums = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    for (let i = whole; i < stride; i += 4) {
      const u = scaledValue(leftRow + i, leftFactors);
      const v = scaledValue(rightRow + i, rightFactors);
      differences += squareOf(u - v);
      sums += squareOf(u + v);
    }
    store<f32>(apart + (row << 2), f32(differences));
    store<f32>(together + (row << 2), f32(sums));
  }
}
