// Errors through the slopes of gain functions. Counts are elements.
import { exponentialMinusOne } from "./exponential";

@inline
function reluErrorLanes(error: v128, rates: v128): v128 {
  return v128.and(error, f32x4.gt(rates, f32x4.splat(0)));
}

/** result[i] = error[i] where rates[i] > 0, else 0 */
export function reluError(error: usize, rates: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, reluErrorLanes(v128.load(error + i), v128.load(rates + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = reluErrorLanes(v128.load32_splat(error + i), v128.load32_splat(rates + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function leakyReluErrorLanes(error: v128, rates: v128, slope: v128): v128 {
  return v128.bitselect(error, f32x4.mul(error, slope), f32x4.gt(rates, f32x4.splat(0)));
}

/** result[i] = error[i] where rates[i] > 0, else slope error[i] */
export function leakyReluError(error: usize, rates: usize, result: usize, count: usize, slope: f32): void {
  const slopeLanes = f32x4.splat(slope);
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, leakyReluErrorLanes(v128.load(error + i), v128.load(rates + i), slopeLanes));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = leakyReluErrorLanes(v128.load32_splat(error + i), v128.load32_splat(rates + i), slopeLanes);
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function tanhErrorLanes(error: v128, rates: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.mul(error, f32x4.mul(f32x4.sub(one, rates), f32x4.add(one, rates)));
}

/** result[i] = error[i] (1 - rates[i]) (1 + rates[i]) */
export function tanhError(error: usize, rates: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, tanhErrorLanes(v128.load(error + i), v128.load(rates + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = tanhErrorLanes(v128.load32_splat(error + i), v128.load32_splat(rates + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function sigmoidErrorLanes(error: v128, rates: v128): v128 {
  return f32x4.mul(f32x4.mul(error, rates), f32x4.sub(f32x4.splat(1), rates));
}

/** result[i] = error[i] rates[i] (1 - rates[i]) */
export function sigmoidError(error: usize, rates: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, sigmoidErrorLanes(v128.load(error + i), v128.load(rates + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = sigmoidErrorLanes(v128.load32_splat(error + i), v128.load32_splat(rates + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}

@inline
function softplusErrorLanes(error: v128, rates: v128): v128 {
  return f32x4.neg(f32x4.mul(error, exponentialMinusOne(f32x4.neg(rates))));
}

/** result[i] = error[i] (1 - exp(-rates[i])) */
export function softplusError(error: usize, rates: usize, result: usize, count: usize): void {
  const whole = (count & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16)
    v128.store(result + i, softplusErrorLanes(v128.load(error + i), v128.load(rates + i)));
  for (let i = whole; i < count << 2; i += 4) {
    const lanes = softplusErrorLanes(v128.load32_splat(error + i), v128.load32_splat(rates + i));
    store<f32>(result + i, f32x4.extract_lane(lanes, 0));
  }
}
