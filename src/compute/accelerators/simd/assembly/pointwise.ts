// Kernels that combine tensors element by element. Counts are elements; one lane alone is the first of four equal ones.

@inline
function addLanes(left: v128, right: v128): v128 {
  return f32x4.add(left, right);
}

/** result[i] = left[i] + right[i] */
export function add(left: usize, right: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, addLanes(v128.load(left + i), v128.load(right + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = addLanes(v128.load32_splat(left + i), v128.load32_splat(right + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function addRectifiedLanes(left: v128, right: v128): v128 {
  return f32x4.pmax(f32x4.add(left, right), f32x4.splat(0));
}

/** result[i] = max(left[i] + right[i], 0); NaN stays NaN */
export function addRectified(left: usize, right: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, addRectifiedLanes(v128.load(left + i), v128.load(right + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = addRectifiedLanes(v128.load32_splat(left + i), v128.load32_splat(right + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function subtractLanes(left: v128, right: v128): v128 {
  return f32x4.sub(left, right);
}

/** result[i] = left[i] - right[i] */
export function subtract(left: usize, right: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, subtractLanes(v128.load(left + i), v128.load(right + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = subtractLanes(v128.load32_splat(left + i), v128.load32_splat(right + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function multiplyLanes(left: v128, right: v128): v128 {
  return f32x4.mul(left, right);
}

/** result[i] = left[i] * right[i] */
export function multiply(left: usize, right: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, multiplyLanes(v128.load(left + i), v128.load(right + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = multiplyLanes(v128.load32_splat(left + i), v128.load32_splat(right + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function addScaledLanes(left: v128, right: v128, factor: v128): v128 {
  return f32x4.add(left, f32x4.mul(factor, right));
}

/** result[i] = left[i] + factor right[i] */
export function addScaled(left: usize, right: usize, result: usize, count: usize, factor: f32): void {
  const whole = (count & ~3) << 2;
  const factorLanes = f32x4.splat(factor);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, addScaledLanes(v128.load(left + i), v128.load(right + i), factorLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = addScaledLanes(v128.load32_splat(left + i), v128.load32_splat(right + i), factorLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function scaleLanes(values: v128, factor: v128): v128 {
  return f32x4.mul(factor, values);
}

/** result[i] = factor values[i] */
export function scale(values: usize, result: usize, count: usize, factor: f32): void {
  const whole = (count & ~3) << 2;
  const factorLanes = f32x4.splat(factor);
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, scaleLanes(v128.load(values + i), factorLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = scaleLanes(v128.load32_splat(values + i), factorLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function leakLanes(previous: v128, rates: v128, kept: v128, rate: v128): v128 {
  return f32x4.add(f32x4.mul(kept, previous), f32x4.mul(rate, rates));
}

/** result[i] = kept previous[i] + rate rates[i]; kept = 1 - rate */
export function leak(previous: usize, rates: usize, result: usize, count: usize, kept: f32, rate: f32): void {
  const whole = (count & ~3) << 2;
  const keptLanes = f32x4.splat(kept);
  const rateLanes = f32x4.splat(rate);
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, leakLanes(v128.load(previous + i), v128.load(rates + i), keptLanes, rateLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = leakLanes(v128.load32_splat(previous + i), v128.load32_splat(rates + i), keptLanes, rateLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

/** result[r, c] = factor scales[r] values[r, c] */
export function scaleRowsByFactor(
  values: usize,
  scales: usize,
  result: usize,
  rows: usize,
  columns: usize,
  factor: f32,
): void {
  const stride = columns << 2;
  for (let row: usize = 0; row < rows; row++)
    scale(values + row * stride, result + row * stride, columns, factor * load<f32>(scales + (row << 2)));
}

/** result[i] = 1 */
export function ones(result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  const lanes = f32x4.splat(1);
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, lanes);
  for (let i = whole; i < count << 2; i += 4) store<f32>(result + i, 1);
}

/** 1 where all values are finite, else 0: 0 times a number is 0, and NaN where it is not finite */
export function allFinite(values: usize, count: usize): i32 {
  const whole = (count & ~7) << 2;
  const zero = f32x4.splat(0);
  let even = zero;
  let odd = zero;
  for (let i: usize = 0; i < whole; i += 32) {
    even = f32x4.add(even, f32x4.mul(zero, v128.load(values + i)));
    odd = f32x4.add(odd, f32x4.mul(zero, v128.load(values + i, 16)));
  }
  let finite = i32x4.all_true(f32x4.eq(f32x4.add(even, odd), zero));
  for (let i = whole; i < count << 2; i += 4) finite = finite && load<f32>(values + i) * 0 == 0;
  return i32(finite);
}
