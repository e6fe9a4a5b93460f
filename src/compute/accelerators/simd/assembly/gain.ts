// Gain functions. Counts are elements.
import { exponential, exponentialMinusOne, logarithmOfOnePlus } from "./exponential";

@inline
function reluLanes(values: v128): v128 {
  return f32x4.max(values, f32x4.splat(0));
}

/** result[i] = max(values[i], 0); NaN stays NaN */
export function relu(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, reluLanes(v128.load(values + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = reluLanes(v128.load32_splat(values + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function leakyReluLanes(values: v128): v128 {
  return f32x4.max(values, f32x4.mul(values, f32x4.splat(0.05)));
}

/** result[i] = max(values[i], 0.05 values[i]) */
export function leakyRelu(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, leakyReluLanes(v128.load(values + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = leakyReluLanes(v128.load32_splat(values + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function tanhLanes(values: v128): v128 {
  // (e^2|v| - 1) / (e^2|v| + 1), which keeps the digits of small values and cannot overflow: from 10 on tanh is 1.
  const magnitude = f32x4.min(f32x4.abs(values), f32x4.splat(10));
  const grown = exponentialMinusOne(f32x4.add(magnitude, magnitude));
  const rate = f32x4.div(grown, f32x4.add(grown, f32x4.splat(2)));
  return v128.bitselect(values, rate, i32x4.splat(0x80000000));
}

/** result[i] = tanh(values[i]) */
export function tanh(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, tanhLanes(v128.load(values + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = tanhLanes(v128.load32_splat(values + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function sigmoidLanes(values: v128): v128 {
  const one = f32x4.splat(1);
  const small = exponential(f32x4.neg(f32x4.abs(values)));
  const share = v128.bitselect(one, small, f32x4.ge(values, f32x4.splat(0)));
  return f32x4.div(share, f32x4.add(one, small));
}

/** result[i] = 1 / (1 + exp(-values[i])) */
export function sigmoid(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, sigmoidLanes(v128.load(values + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = sigmoidLanes(v128.load32_splat(values + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function softplusLanes(values: v128): v128 {
  const small = exponential(f32x4.neg(f32x4.abs(values)));
  return f32x4.add(f32x4.max(values, f32x4.splat(0)), logarithmOfOnePlus(small));
}

/** result[i] = log(1 + exp(values[i])) */
export function softplus(values: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(result + i, softplusLanes(v128.load(values + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = softplusLanes(v128.load32_splat(values + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}
